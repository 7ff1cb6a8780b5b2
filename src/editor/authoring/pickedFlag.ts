import * as vscode from 'vscode';
import type { FlagSnapshot } from '../../model/flag';
import { stateInShort } from '../../view/stateInShort';
import { conditionFlag } from '../../view/authoring/conditionFlag';
import type { ViewContext } from '../../view/input';
import { variantChoices } from '../../view/keyChoices';
import { iconless, oneLine, quoted } from '../../view/text';

export interface PickedFlag {
  readonly key: string;
  /** The variant's text that is compared with; null: whether it is on. */
  readonly text: string | null;
  /** No system knows it yet. */
  readonly isNew: boolean;
}

/** A flag that can be a condition: on or off, or a text with its variants. undefined = given up. */
export async function pickedFlag(
  context: ViewContext,
  proposed: { readonly key?: string | undefined; readonly variant?: string | undefined },
): Promise<PickedFlag | undefined> {
  const { flags, l10n } = context;
  const key = proposed.key ?? (await pickedKey(context));
  if (key === undefined) return undefined;
  const known = flags.resolve(key);
  const flag = conditionFlag(known) ?? known[0];
  if (flag?.type !== 'string') return { key, text: null, isNew: !flag };
  const text = proposed.variant ?? (await pickedVariant(flag, l10n.t('For which variant of {0}?', quoted(key))));
  return text === undefined ? undefined : { key, text, isNew: false };
}

async function pickedKey(context: ViewContext): Promise<string | undefined> {
  const { flags, l10n } = context;
  const usable = flags.keys.flatMap((key) => {
    const flag = conditionFlag(flags.resolve(key));
    return flag ? [{ key, flag }] : [];
  });
  const items = [
    { label: `$(add) ${l10n.t('New flag…')}`, key: null },
    ...usable.map(({ key, flag }) => ({
      label: iconless(key),
      description: iconless(stateInShort(context, flag)),
      detail: iconless(oneLine(flag.description ?? flag.name ?? '')),
      key,
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: l10n.t('Which flag shall decide?'),
    matchOnDescription: true,
  });
  if (!picked) return undefined;
  const key = picked.key ?? (await vscode.window.showInputBox({ title: l10n.t('Key of the new flag') }));
  return key === undefined || key.trim() === '' ? undefined : key.trim();
}

async function pickedVariant(flag: FlagSnapshot, placeHolder: string): Promise<string | undefined> {
  const items = variantChoices([flag]).map(({ text, name }) => ({
    label: iconless(oneLine(text)),
    description: text === name ? '' : iconless(oneLine(name)),
    text,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.text;
}
