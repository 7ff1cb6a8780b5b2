import { python as extractor } from '../extract/python/python';
import { djangoRoutes } from '../frameworks/django';
import { flaskRoutes } from '../frameworks/flask';
import { pythonJobs } from '../frameworks/pythonJobs';
import { pythonServicers } from '../frameworks/pythonServicers';
import { PythonResolver } from '../resolve/pythonResolver';
import type { LanguageSupport, MakeResolver } from './language';

const resolver: MakeResolver = (files) => new PythonResolver(files);

export const python: LanguageSupport = {
  id: 'python',
  family: 'python',
  grammar: 'python',
  extensions: ['.py'],
  extractor,
  testPath: /(^|\/)(tests?|testing|fixtures)\/|(^|\/)(test_[^/]*|[^/]*_tests?|conftest)\.py$/i,
  generatedPath: /_pb2(_grpc)?\.py$/,
  candidates: [
    '\\.variation_detail\\(',
    '(from|import) +(flask|quart|fastapi|starlette|celery|confluent_kafka|kafka|aiokafka|pika)\\b',
    'django\\.(urls|conf\\.urls)',
    'Servicer\\b',
  ],
  excluded: ['**/.venv/**', '**/venv/**', '**/site-packages/**', '**/__pycache__/**'],
  configs: [],
  resolver,
  routes: [flaskRoutes, djangoRoutes, pythonServicers],
  jobs: pythonJobs,
};
