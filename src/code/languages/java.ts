import { java as extractor } from '../extract/java/java';
import { javaJobs } from '../frameworks/javaJobs';
import { javaServices } from '../frameworks/javaServices';
import { springRoutes } from '../frameworks/spring';
import { jvmResolver as resolver } from './jvmResolver';
import type { LanguageSupport } from './language';

export const java: LanguageSupport = {
  id: 'java',
  family: 'java',
  grammar: 'java',
  extensions: ['.java'],
  extractor,
  testPath:
    /(^|\/)(test|tests|testFixtures|integrationTest|intTest)\/|(^|\/)(Test[A-Z]\w*|\w*(Test|Tests|TestCase|IT))\.java$/,
  generatedPath: /(^|\/)(generated|generated-sources)\//,
  candidates: [
    '@(Rest)?Controller\\b',
    '@(Request|Get|Post|Put|Patch|Delete)Mapping\\b',
    '(javax|jakarta)\\.ws\\.rs',
    'ImplBase\\b',
    '@(Kafka|Rabbit|Jms|Sqs|Pulsar|Stream)Listener\\b',
    '@Scheduled\\b',
  ],
  excluded: ['**/target/classes/**'],
  configs: [],
  resolver,
  routes: [springRoutes, javaServices],
  jobs: javaJobs,
};
