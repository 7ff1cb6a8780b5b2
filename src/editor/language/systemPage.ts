import * as vscode from 'vscode';
import type { Flags } from '../../flags/api';
import type { FlagRef } from '../../model/identity';

/** The flag's page in its system. Nothing but a page of the web is opened, whatever the configuration says. */
export function pageOf(flags: Flags, ref: FlagRef): vscode.Uri | undefined {
  const page = flags.systemFor(ref)?.page?.(ref.key);
  if (page === undefined || page === null) return undefined;
  try {
    const uri = vscode.Uri.parse(page, true);
    return uri.scheme === 'https' || uri.scheme === 'http' ? uri : undefined;
  } catch {
    return undefined;
  }
}
