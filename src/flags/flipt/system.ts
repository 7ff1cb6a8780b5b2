import type { SystemDeps, SystemOptions } from '../deps';
import type { FlagSystem } from '../system';
import { FliptFileSystem } from './fileSystem';
import { FliptServerSystem } from './serverSystem';

/** What the bundle of its own gives: a server where the configuration names its address, else files of features. */
export const makeFlipt = (options: SystemOptions, deps: SystemDeps): FlagSystem =>
  options.url === undefined ? new FliptFileSystem(options, deps) : new FliptServerSystem(options, deps);
