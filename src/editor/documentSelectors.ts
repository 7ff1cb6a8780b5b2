import type * as vscode from 'vscode';

/**
 * The one table of documents that every surface draws in: files, new files, remote files, and the sides of diffs
 * (git, and the schemes under which review extensions show them).
 */
const schemes = ['file', 'untitled', 'vscode-remote', 'git', 'review', 'pr'] as const;
const languages = [
  'typescript',
  'typescriptreact',
  'javascript',
  'javascriptreact',
  'python',
  'go',
  'java',
  'csharp',
  'kotlin',
  'swift',
  'ruby',
  'php',
  'rust',
  'html',
  'vue',
  'svelte',
  'shellscript',
  'erb',
  'haml',
  'blade',
  'aspnetcorerazor',
] as const;

/** Ends of file names the finder reads, for the file watcher. */
export const codeFiles =
  '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,py,go,java,cs,cshtml,razor,kt,kts,swift,rb,rake,php,blade.php,rs,html,htm,vue,svelte,sh,bash,zsh,ksh,bats,ru,gemspec,jbuilder,erb,rhtml,haml,phtml,inc,cshtml,razor}';

/**
 * By language and by name: VS Code without a language's extension calls a Kotlin file plain text. Both count alike for
 * VS Code, so that what is registered for them is asked together with the language's own providers, not after or before.
 */
export const codeDocuments: readonly vscode.DocumentFilter[] = schemes.flatMap((scheme) => [
  ...languages.map((language) => ({ scheme, language })),
  { scheme, pattern: codeFiles },
]);

const knownLanguages: ReadonlySet<string> = new Set(languages);
const knownSchemes: ReadonlySet<string> = new Set(schemes);
const codeEnds = new Set(/\{(.*)\}/.exec(codeFiles)?.[1]?.split(','));

export function isCodeDocument({ uri, languageId }: Pick<vscode.TextDocument, 'uri' | 'languageId'>): boolean {
  if (!knownSchemes.has(uri.scheme)) return false;
  return knownLanguages.has(languageId) || codeEnds.has(/\.([^./]+)$/.exec(uri.path)?.[1] ?? '');
}
