import * as vscode from 'vscode';
import type { Flags, ResolvedFlag } from '../flags/api';
import { evaluateEverywhere, type EvaluatedIn } from '../flags/evaluateEverywhere';
import { userAttribute } from '../flags/userAttribute';
import { personalAttribute, readAttributes, writtenAttributes, type Attributes } from '../model/evaluationContext';
import type { L10n } from '../platform/l10n';
import { decidedWords, givenWords } from '../view/evaluatedWords';
import { dotted, iconless, linkless, oneLine, quoted } from '../view/text';
import type { CommandHandler } from './commandTable';
import type { FlagPick } from './flagPick';
import { parseProposal } from './proposal';
import type { ListedContext, SavedContexts } from './savedContexts';

export interface EvaluateAsOf {
  readonly flags: Flags;
  readonly pick: FlagPick;
  readonly contexts: SavedContexts;
  readonly l10n: L10n;
}

interface Chosen {
  /** Null: written now, and not kept yet. */
  readonly name: string | null;
  readonly attributes: Attributes;
}

/** What somebody else is given: a context is picked or written, each environment answers with variant and rule. */
export function evaluateAsCommand(of: EvaluateAsOf): Readonly<Record<'sightglass.evaluateAs', CommandHandler>> {
  return {
    'sightglass.evaluateAs': async (argument) => {
      const flag = await of.pick.flag(parseProposal(argument));
      if (!flag) return;
      const { l10n } = of;
      const { ref } = flag.flag;
      const system = of.flags.systemFor(ref);
      if (!system?.evaluateAs) {
        const words = l10n.t('{0} is not asked from here what single contexts are given.', flag.project.systemType);
        void vscode.window.showInformationMessage(linkless(words));
        return;
      }
      const chosen = await chosenContext(flag, of);
      if (!chosen) return;
      const controller = new AbortController();
      const answers = await vscode.window.withProgress({ location: { viewId: 'sightglass.flags' } }, () =>
        evaluateEverywhere(system, ref, flag.environments, chosen.attributes, controller.signal),
      );
      await show(flag, chosen, answers, of);
    },
  };
}

type Offered = vscode.QuickPickItem & { readonly choose: () => Promise<Chosen | undefined> };

async function chosenContext(flag: ResolvedFlag, of: EvaluateAsOf): Promise<Chosen | undefined> {
  const { l10n } = of;
  const saved = of.contexts.list(pathsOf(flag));
  const write: Offered = {
    label: l10n.t('Write a context…'),
    choose: () => writtenContext(flag, of),
  };
  const own = saved.filter(({ from }) => from === 'own');
  const forget: Offered = {
    label: l10n.t('Forget a context…'),
    choose: async () => {
      await forgetOne(own, of);
      return chosenContext(flag, of);
    },
  };
  const offered = saved.map((context): Offered => ({
    label: iconless(context.name),
    description: iconless(oneLine(writtenAttributes(context.attributes), 200)),
    detail: context.from === 'shared' ? '.sightglass.json' : l10n.t('kept on this machine'),
    choose: async () => context,
  }));
  const picked = await vscode.window.showQuickPick([...offered, write, ...(own.length > 0 ? [forget] : [])], {
    title: l10n.t('Evaluate {0} as…', quoted(flag.flag.ref.key)),
    placeHolder: l10n.t('As whom?'),
    matchOnDescription: true,
  });
  return picked?.choose();
}

async function writtenContext({ project }: ResolvedFlag, { l10n }: EvaluateAsOf): Promise<Chosen | undefined> {
  const id = userAttribute(project.systemType);
  const written = await vscode.window.showInputBox({
    title: l10n.t('Write a context'),
    prompt: l10n.t('Attributes that targeting reads. Nothing of it is kept unless you say so.'),
    placeHolder: `${id}=user-1, plan=pro, country=NL`,
    ignoreFocusOut: true,
    validateInput: (text) =>
      readAttributes(text)
        ? undefined
        : l10n.t('name=value, with commas between. In double quotes what holds a comma.'),
  });
  const attributes = written === undefined ? null : readAttributes(written);
  return attributes ? { name: null, attributes } : undefined;
}

async function forgetOne(own: readonly ListedContext[], { contexts, l10n }: EvaluateAsOf): Promise<void> {
  const items = own.map(({ name, attributes }) => ({
    label: iconless(name),
    description: iconless(oneLine(writtenAttributes(attributes), 200)),
    name,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Which context is to be forgotten?') });
  if (picked) await contexts.forget(picked.name);
}

/** One row an environment; a row leads to the flag's details there. */
async function show(
  flag: ResolvedFlag,
  chosen: Chosen,
  answers: readonly EvaluatedIn[],
  of: EvaluateAsOf,
): Promise<void> {
  const { l10n } = of;
  const { ref } = flag.flag;
  const rows = answers.map(({ environment, answer, error }) => ({
    label: iconless(environment.ref.name),
    description: iconless(answer ? givenWords(answer, l10n) : l10n.t('cannot be told')),
    detail: iconless(
      answer
        ? dotted(
            decidedWords(answer, l10n),
            ...answer.remarks.map((remark) => oneLine(remark, 300)),
            oneLine(answer.by),
          )
        : oneLine(error ?? '', 500),
    ),
    open: async (): Promise<void> => {
      await vscode.commands.executeCommand('sightglass.showFlagDetails', { ref, environment: environment.ref });
    },
  }));
  const keep = {
    label: l10n.t('Keep this context…'),
    description: '',
    detail: '',
    open: () => kept(chosen.attributes, of),
  };
  const name = chosen.name ?? oneLine(writtenAttributes(chosen.attributes), 100);
  const picked = await vscode.window.showQuickPick([...rows, ...(chosen.name === null ? [keep] : [])], {
    title: l10n.t('{0} as {1}', quoted(ref.key), quoted(name)),
    placeHolder: l10n.t('What it gives, environment by environment'),
    ignoreFocusOut: true,
  });
  await picked?.open();
}

/** On this machine only. What names nobody can be put into the configuration by hand, for everyone. */
async function kept(attributes: Attributes, { contexts, l10n }: EvaluateAsOf): Promise<void> {
  const name = (
    await vscode.window.showInputBox({
      title: l10n.t('Keep this context…'),
      prompt: l10n.t('Its name. It is kept by VS Code for this workspace, on this machine.'),
      validateInput: (text) =>
        text.trim() === '' || text.length > 100 ? l10n.t('A name of 1 to 100 signs, please.') : undefined,
    })
  )?.trim();
  if (name === undefined || name === '') return;
  await contexts.keep({ name, attributes });
  const personal = personalAttribute(attributes);
  if (personal !== null) {
    const words = l10n.t(
      '{0} is kept on this machine only: "{1}" may say who somebody is, so it has no place in a shared file.',
      quoted(name),
      personal,
    );
    void vscode.window.showWarningMessage(linkless(words));
    return;
  }
  const copy = l10n.t('Copy for .sightglass.json');
  const words = l10n.t(
    '{0} is kept on this machine. For everyone it goes under "contexts" in .sightglass.json.',
    quoted(name),
  );
  if ((await vscode.window.showInformationMessage(linkless(words), copy)) === copy)
    await vscode.env.clipboard.writeText(JSON.stringify({ name, attributes }, null, 2));
}

/** Folders whose configuration speaks for a flag: that of its project, else those of the window. */
function pathsOf({ project }: ResolvedFlag): readonly string[] {
  if (project.folders.length > 0) return project.folders;
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}
