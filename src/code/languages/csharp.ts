import { csharp as extractor } from '../extract/csharp/csharp';
import { aspnetRoutes } from '../frameworks/aspnet';
import { csharpJobs } from '../frameworks/csharpJobs';
import { csharpServices } from '../frameworks/csharpServices';
import type { LanguageSupport, MakeResolver } from './language';

/** Namespaces say nothing of paths: classes are found by their names. */
const resolver: MakeResolver = () => ({ resolve: () => null, forgetMisses: () => undefined });

export const csharp: LanguageSupport = {
  id: 'csharp',
  family: 'csharp',
  grammar: 'c-sharp',
  extensions: ['.cs'],
  extractor,
  testPath: /(^|\/)(tests?|testing)\/|(^|\/)[^/]*\.(\w*Tests?|Testing|Specs)\/|\w*Tests?\.cs$/i,
  generatedPath: /\.(g|g\.i|designer|generated)\.cs$|(^|\/)obj\//i,
  candidates: [
    '\\[(Route|ApiController|Http(Get|Post|Put|Patch|Delete))\\b',
    '\\.Map(Get|Post|Put|Patch|Delete|Methods|Group)\\(',
    'ServerCallContext\\b',
    'global using ',
    'Confluent\\.Kafka|MassTransit|RabbitMQ\\.Client',
  ],
  excluded: ['**/obj/**/*.cs', '**/bin/**/*.cs', '**/*.Designer.cs'],
  configs: [],
  declares: {
    names: /^[A-Z]\w*$/,
    written: (names) => `\\b(class|struct|record|interface|enum)\\s+(${names})\\b`,
  },
  resolver,
  routes: [aspnetRoutes, csharpServices],
  jobs: csharpJobs,
};
