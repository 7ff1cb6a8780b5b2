import { ripgrepOnPath } from './ripgrepLadder';

/** ripgrep for the command line: the platform's npm package where it is installed, else what PATH has. */
export async function packagedRipgrep(): Promise<readonly string[]> {
  const onPath = ripgrepOnPath(process.env.PATH, process.platform);
  try {
    const { rgPath } = await import('@vscode/ripgrep');
    return [rgPath, ...onPath];
  } catch {
    return onPath;
  }
}
