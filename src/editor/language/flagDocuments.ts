import * as vscode from 'vscode';
import type { Flags } from '../../flags/api';
import { flagRefSchema, type FlagRef } from '../../model/identity';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import { fullName, standings } from '../../view/environments';
import { subtitleOf } from '../../view/flagSubtitle';
import type { ViewContext } from '../../view/input';
import { stateInFull } from '../../view/shareWords';
import { oneLine } from '../../view/text';
import { pageOf } from './systemPage';

const scheme = 'sightglass-flag';

/** A document that says what a flag's system says of it: where flags of no file are gone to. */
export function flagDocumentUri(ref: FlagRef): vscode.Uri {
  const name = encodeURIComponent(ref.key.slice(0, 100));
  return vscode.Uri.from({ scheme, path: `/${name}`, query: JSON.stringify(ref) });
}

/** Writes those documents from the snapshots, and anew when these change. */
export function flagDocuments(of: {
  readonly flags: Flags;
  readonly context: (path: string | null) => ViewContext;
}): Disposable {
  const held = new DisposableStack();
  const changed = held.add(new vscode.EventEmitter<vscode.Uri>());
  held.add(
    of.flags.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === scheme) changed.fire(uri);
    }),
  );
  held.add(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: ({ query }) => textOf(of, query),
    }),
  );
  return held;
}

function textOf({ flags, context }: Parameters<typeof flagDocuments>[0], query: string): string {
  const view = context(null);
  const { l10n } = view;
  const ref = parsed(query);
  const flag = ref && flags.flag(ref)?.flag;
  if (!flag) return l10n.t('This flag is not known here any more.');
  const states = standings(view, flag).flatMap((standing) => {
    const name = fullName(standing.environment, l10n);
    const raw = standing.state?.raw ?? '';
    return ['', `${oneLine(name)}: ${stateInFull(flag, standing, l10n)}`, ...(raw === '' ? [] : [raw])];
  });
  const page = pageOf(flags, flag.ref);
  return [oneLine(flag.ref.key), subtitleOf(view, flag), ...(page ? [page.toString()] : []), ...states, ''].join('\n');
}

function parsed(query: string): FlagRef | undefined {
  try {
    return flagRefSchema.safeParse(JSON.parse(query)).data;
  } catch {
    return undefined;
  }
}
