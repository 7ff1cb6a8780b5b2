import type * as vscode from 'vscode';

/** Documents that flags may be defined in; whether they are is asked of the snapshots. */
export const flagFileDocuments: readonly vscode.DocumentFilter[] = [
  { scheme: 'file', language: 'json' },
  { scheme: 'file', language: 'jsonc' },
  { scheme: 'file', language: 'yaml' },
  { scheme: 'file', pattern: '**/*.{json,jsonc,yaml,yml}' },
];
