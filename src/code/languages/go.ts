import { go as extractor } from '../extract/go/go';
import { goJobs } from '../frameworks/goJobs';
import { goRoutes } from '../frameworks/goRoutes';
import { goServers } from '../frameworks/goServers';
import { GoResolver } from '../resolve/goResolver';
import type { LanguageSupport, MakeResolver } from './language';

const resolver: MakeResolver = (files, configs) => new GoResolver(files, configs);

export const go: LanguageSupport = {
  id: 'go',
  family: 'go',
  grammar: 'go',
  extensions: ['.go'],
  extractor,
  testPath: /_test\.go$|(^|\/)(testdata|tests?|mocks?|fixtures)\//,
  generatedPath: /\.pb(\.gw)?\.go$/,
  candidates: [
    '\\.Handle(Func)?\\(',
    '(gin-gonic/gin|go-chi/chi|labstack/echo)',
    'Unimplemented\\w+Server\\b',
    'Register\\w+Server\\(',
    '(Shopify|IBM)/sarama|segmentio/kafka-go|confluent-kafka-go|nats-io/nats\\.go|robfig/cron',
  ],
  // What protoc writes is long and asks for no flag.
  excluded: ['**/vendor/**/*.go', '**/*.pb.go', '**/*.pb.gw.go'],
  configs: ['go.mod'],
  resolver,
  routes: [goRoutes, goServers],
  jobs: goJobs,
};
