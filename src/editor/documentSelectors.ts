import type * as vscode from 'vscode';

/**
 * The one table of documents that every surface draws in: files, new files, remote files, and the sides of diffs
 * (git, and the schemes under which review extensions show them).
 */
const schemes = ['file', 'untitled', 'vscode-remote', 'git', 'review', 'pr'] as const;
const languages = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'] as const;

export const codeDocuments: readonly vscode.DocumentFilter[] = schemes.flatMap((scheme) =>
  languages.map((language) => ({ scheme, language })),
);

export function isCodeDocument(document: Pick<vscode.TextDocument, 'uri' | 'languageId'>): boolean {
  return codeDocuments.some(
    (filter) => filter.scheme === document.uri.scheme && filter.language === document.languageId,
  );
}

/** Ends of file names the finder reads, for the file watcher. */
export const codeFiles = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}';
