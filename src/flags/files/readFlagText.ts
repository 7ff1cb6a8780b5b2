import { FileError } from '../../platform/files';
import type { SystemDeps } from '../deps';

/** Larger than this no flag file is; reading on would only hold up everything else. */
export const MAX_FLAG_FILE_BYTES = 8 * 1024 * 1024;

/** The bytes of a flag file as text. Rejects with {@link FileError} when it is too large or not UTF-8. */
export async function readFlagText(path: string, deps: SystemDeps): Promise<{ text: string; hash: string }> {
  const data = await deps.files.read(path, MAX_FLAG_FILE_BYTES);
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data),
      hash: deps.hash.sha256(data),
    };
  } catch (error) {
    throw new FileError('other', path, deps.l10n.t('{0} is not UTF-8 text.', path), { cause: error });
  }
}
