import { JavaResolver } from '../resolve/javaResolver';
import type { MakeResolver } from './language';

/** Of Java and Kotlin, which import each other's files. */
export const jvmResolver: MakeResolver = (files) => new JavaResolver(files);
