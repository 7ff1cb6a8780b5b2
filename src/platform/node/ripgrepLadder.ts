import { posix, win32 } from 'node:path';

/**
 * Places where an editor based on VS Code keeps ripgrep, best first. The user's setting wins; then the packages that
 * VS Code ships (`ripgrep-universal` since 1.122, `@vscode/ripgrep` in both its layouts, the platform's own package),
 * unpacked from the archive or not. The caller appends PATH by {@link ripgrepOnPath}; where none of them starts, the
 * JavaScript engine answers.
 */
export function ripgrepCandidates(
  appRoot: string,
  platform: string,
  arch: string,
  setting: string | undefined,
): readonly string[] {
  const path = platform === 'win32' ? win32 : posix;
  const name = platform === 'win32' ? 'rg.exe' : 'rg';
  const target = `${platform}-${arch}`;
  const inside = [
    ['@vscode', 'ripgrep-universal', 'bin', target, name],
    ['@vscode', 'ripgrep', 'bin', target, name],
    ['@vscode', `ripgrep-${target}`, 'bin', name],
    ['@vscode', 'ripgrep', 'bin', name],
  ];
  const places = ['node_modules', 'node_modules.asar.unpacked'].flatMap((folder) =>
    inside.map((parts) => path.join(appRoot, folder, ...parts)),
  );
  const chosen = setting?.trim() ?? '';
  return chosen !== '' && path.isAbsolute(chosen) ? [chosen, ...places] : places;
}

export function ripgrepOnPath(pathVariable: string | undefined, platform: string): readonly string[] {
  return commandOnPath('rg', pathVariable, platform);
}

/** Where a command would be found on PATH. Relative and empty entries are left out: they mean the working folder. */
export function commandOnPath(command: string, pathVariable: string | undefined, platform: string): readonly string[] {
  const path = platform === 'win32' ? win32 : posix;
  const name = platform === 'win32' ? `${command}.exe` : command;
  return (pathVariable ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name));
}
