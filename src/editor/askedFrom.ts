import * as vscode from 'vscode';
import * as z from 'zod';
import { repositoryName } from '../view/repositoryName';
import type { Flags } from '../flags/api';
import { flagId, type FlagRef } from '../model/identity';
import type { CodeIndex } from './codeIndex';
import type { FrontDocument } from './frontDocument';
import { workspacePlace } from './workspacePlace';

/** What is asked of VS Code's own git extension, which is there or not (extensions/git/src/api/git.d.ts, version 1). */
const repositorySchema = z.object({
  state: z.object({
    HEAD: z.object({ commit: z.string().optional() }).optional(),
    remotes: z.array(z.object({ name: z.string(), fetchUrl: z.string().optional() })),
  }),
});

interface GitExtension {
  getAPI?: (version: 1) => { getRepository?: (uri: vscode.Uri) => unknown };
}

/**
 * Where in code a change of a flag is asked for from: its reference nearest to the cursor in the document in front, after
 * the repository and commit that VS Code knows it to be of (without the commit where lines are not as they are on disk).
 * undefined: that document does not name the flag.
 */
export function askedFrom(
  ref: FlagRef,
  { front, code, flags }: { readonly front: FrontDocument; readonly code: CodeIndex; readonly flags: Flags },
): string | undefined {
  const document = front.current;
  const place = document && workspacePlace(document.uri);
  if (!document || place?.virtual !== false) return undefined;
  // The same key of another project is another flag. One that is yet to be made is known to nobody.
  const meant = flags.resolve(ref.key, document.uri.fsPath).map(({ flag }) => flagId(flag.ref));
  if (meant.length > 0 && !meant.includes(flagId(ref))) return undefined;
  const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
  const from = editor?.selection.active.line ?? 0;
  const lines = (code.facts(document)?.references ?? [])
    .filter((reference) => reference.key === ref.key)
    .flatMap(({ line, column }) => code.now(document, { line: line - 1, character: column - 1 })?.line ?? [])
    .sort((a, b) => Math.abs(a - from) - Math.abs(b - from));
  const [line] = lines;
  if (line === undefined) return undefined;
  return [repositoryWords(document), `${place.path}:${String(line + 1)}`].filter((part) => part !== '').join(' ');
}

/** `github.com/acme/shop@1a2b3c4d5e6f`; empty where git, or its extension, knows nothing of it. */
function repositoryWords({ uri, isDirty }: vscode.TextDocument): string {
  const git = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (git?.isActive !== true) return '';
  try {
    const found = repositorySchema.safeParse(git.exports.getAPI?.(1).getRepository?.(uri));
    if (!found.success) return '';
    const { HEAD, remotes } = found.data.state;
    const remote = remotes.find(({ name }) => name === 'origin') ?? remotes[0];
    const name = remote?.fetchUrl === undefined ? null : repositoryName(remote.fetchUrl);
    const known = !isDirty && /^[0-9a-f]{12,64}$/.test(HEAD?.commit ?? '');
    const commit = known ? `@${HEAD?.commit?.slice(0, 12) ?? ''}` : '';
    return `${name ?? ''}${commit}`;
  } catch {
    // Another extension's trouble keeps no change from being made.
    return '';
  }
}
