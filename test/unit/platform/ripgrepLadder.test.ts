import { describe, expect, it } from 'vitest';
import { ripgrepCandidates, ripgrepOnPath } from '../../../src/platform/node/ripgrepLadder';

describe('where ripgrep may be', () => {
  it('follows VS Code through its layouts, the setting first', () => {
    expect(ripgrepCandidates('/code/app', 'linux', 'x64', '/usr/bin/rg').slice(0, 6)).toEqual([
      '/usr/bin/rg',
      '/code/app/node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg',
      '/code/app/node_modules/@vscode/ripgrep/bin/linux-x64/rg',
      '/code/app/node_modules/@vscode/ripgrep-linux-x64/bin/rg',
      '/code/app/node_modules/@vscode/ripgrep/bin/rg',
      '/code/app/node_modules.asar.unpacked/@vscode/ripgrep-universal/bin/linux-x64/rg',
    ]);
  });

  it('knows Windows', () => {
    expect(ripgrepCandidates('C:\\Code\\app', 'win32', 'arm64', undefined)[0]).toBe(
      'C:\\Code\\app\\node_modules\\@vscode\\ripgrep-universal\\bin\\win32-arm64\\rg.exe',
    );
    expect(ripgrepOnPath('C:\\bin;relative;', 'win32')).toEqual(['C:\\bin\\rg.exe']);
  });

  it('takes no relative path, from the setting or PATH: it would mean the folder somebody is in', () => {
    expect(ripgrepCandidates('/app', 'darwin', 'arm64', 'rg')).toHaveLength(8);
    expect(ripgrepOnPath('/usr/bin:.::bin', 'linux')).toEqual(['/usr/bin/rg']);
    expect(ripgrepOnPath(undefined, 'linux')).toEqual([]);
  });
});
