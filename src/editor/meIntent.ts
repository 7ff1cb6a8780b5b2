import * as vscode from 'vscode';
import * as z from 'zod';
import type { Flags } from '../flags/api';
import { userAttribute } from '../flags/userAttribute';
import type { Intent } from '../model/change';
import type { L10n } from '../platform/l10n';
import { iconless, linkless, quoted } from '../view/text';
import type { FlagTarget } from './flagPick';

const storageKey = 'sightglass.me';
const meSchema = z.object({ attribute: z.string().min(1).max(200), value: z.string().min(1).max(500) });
type Me = z.infer<typeof meSchema>;
const keptSchema = z.record(z.string(), meSchema).catch({});

export interface MeOf {
  readonly flags: Pick<Flags, 'systemFor'>;
  /** VS Code's own state for this workspace: an id of a person is in no file and no setting of ours. */
  readonly memory: vscode.Memento;
  readonly l10n: L10n;
}

/**
 * That one's own id is given a variant, or no longer: who one is there is asked for once a project. undefined: given up,
 * or the system cannot, which is said.
 */
export async function meIntent(
  target: FlagTarget,
  on: boolean,
  variantOf: () => Promise<string | undefined>,
  of: MeOf,
): Promise<Intent | undefined> {
  const { l10n } = of;
  const { ref } = target.flag.flag;
  if (of.flags.systemFor(ref)?.describe(target.environment.ref).targets !== true) {
    const words = l10n.t('{0} takes no single users from here.', target.flag.project.systemType);
    void vscode.window.showInformationMessage(linkless(words));
    return undefined;
  }
  const project = JSON.stringify([ref.system, ref.project]);
  const me = await asked(target, keptSchema.parse(of.memory.get<unknown>(storageKey))[project], of);
  if (!me) return undefined;
  // Who is taken out is taken out of whatever they were given.
  const variant = on ? await variantOf() : (target.flag.flag.variants[0]?.name ?? '');
  if (variant === undefined || variant === '') return undefined;
  await of.memory.update(storageKey, { ...keptSchema.parse(of.memory.get<unknown>(storageKey)), [project]: me });
  return { kind: 'target', on, ...me, variant };
}

async function asked(target: FlagTarget, known: Me | undefined, { l10n }: MeOf): Promise<Me | undefined> {
  const title = l10n.t('{0} in {1}', quoted(target.flag.flag.ref.key), quoted(target.environment.ref.name));
  if (known) {
    const same = { label: iconless(`${known.attribute} = ${known.value}`), me: known };
    const other = { label: l10n.t('Another id…'), me: null };
    const picked = await vscode.window.showQuickPick([same, other], {
      title,
      placeHolder: l10n.t('Who are you there?'),
    });
    if (!picked) return undefined;
    if (picked.me) return picked.me;
  }
  const attribute = await vscode.window.showInputBox({
    title,
    prompt: l10n.t('The attribute that services know users by.'),
    value: known?.attribute ?? userAttribute(target.flag.project.systemType),
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[^\s"']{1,200}$/.test(text.trim()) ? undefined : l10n.t('The name of one attribute, please.'),
  });
  if (attribute === undefined) return undefined;
  const value = await vscode.window.showInputBox({
    title,
    prompt: l10n.t('Your id there. It will stand in the flag and in the journal; it is remembered on this machine.'),
    ignoreFocusOut: true,
    validateInput: (text) => whyNoId(text.trim(), l10n),
  });
  return value === undefined || whyNoId(value.trim(), l10n) !== undefined
    ? undefined
    : { attribute: attribute.trim(), value: value.trim() };
}

function whyNoId(value: string, { t }: L10n): string | undefined {
  if (value === '' || value.length > 500) return t('An id of 1 to 500 signs, please.');
  return value.includes('@')
    ? t('An e-mail address would stand in the flag and the journal. Use an id that names nobody.')
    : undefined;
}
