import { CodeServer } from '../code/codeServer';
import type { Tools } from '../code/tools';
import { packagedRipgrep } from '../platform/node/ripgrepPackage';
import { nodeFinderTools } from '../workers/finderTools';

/** The finder for one command, which keeps nothing. `grammars`: the folder they are in. */
export async function finder(
  grammars: string,
): Promise<{ readonly tools: Tools; readonly methods: CodeServer['methods'] }> {
  const tools = await nodeFinderTools({ grammars, ripgrep: await packagedRipgrep(), storage: null });
  return { tools, methods: new CodeServer(tools, () => undefined).methods };
}
