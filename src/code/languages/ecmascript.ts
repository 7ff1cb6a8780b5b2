import { ecmascript as extractor } from '../extract/ecmascript/ecmascript';
import { ecmascriptJobs } from '../frameworks/ecmascriptJobs';
import { ecmascriptRoutes } from '../frameworks/ecmascriptRoutes';
import { EcmascriptResolver } from '../resolve/ecmascriptResolver';
import type { LanguageSupport, MakeResolver } from './language';

const resolver: MakeResolver = (files, configs) => new EcmascriptResolver(files, configs);

/** What TypeScript, TSX and JavaScript have in common: all but the grammar. */
export const ecmascript: Omit<LanguageSupport, 'id' | 'grammar' | 'extensions'> = {
  family: 'ecmascript',
  extractor,
  testPath:
    /(^|\/)(__tests__|__mocks__|tests?|spec|cypress|e2e|playwright|testHelpers|fixtures)\/|[._-](test|tests|spec|stories|story|cy|jest|e2e)\.[cm]?[jt]sx?$/i,
  generatedPath: null,
  // A mount prefix stands in another file than the handler.
  candidates: ['[\'"](express|fastify|koa|koa-router|@koa/router)[\'"]'],
  excluded: ['**/*.min.js', '**/*.d.ts', '**/*.d.mts', '**/*.d.cts'],
  // package.json names workspace packages; tsconfig and jsconfig map paths.
  configs: ['package.json', 'tsconfig*.json', 'jsconfig.json'],
  resolver,
  routes: [ecmascriptRoutes],
  jobs: ecmascriptJobs,
};
