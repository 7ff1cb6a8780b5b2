import * as vscode from 'vscode';
import * as z from 'zod';
import type { ChangeRequest } from '../change/api';
import { absentState } from '../flags/absentState';
import type { Flags } from '../flags/api';
import { creatableTypeSchema, type CreatableType } from '../model/change';
import type { Environment } from '../model/flag';
import { jsonSchema } from '../model/json';
import type { L10n } from '../platform/l10n';
import { iconless } from '../view/text';

/** What a quick fix may say of the flag that is missing: its key, and the type and default of the call. Never consent. */
const proposalSchema = z.object({
  key: z.string().min(1).max(1_000).optional().catch(undefined),
  type: creatableTypeSchema.optional().catch(undefined),
  off: jsonSchema.optional().catch(undefined),
});

/** Key, type, project and environments of a flag that is to be made, asked for as far as they are not proposed; none = given up. */
export async function newFlagRequests(
  argument: unknown,
  { flags, l10n }: { readonly flags: Flags; readonly l10n: L10n },
): Promise<readonly Omit<ChangeRequest, 'through'>[]> {
  const proposed = proposalSchema.catch({}).parse(argument);
  const key = proposed.key ?? (await vscode.window.showInputBox({ title: l10n.t('Key of the new flag') }));
  if (key === undefined || key.trim() === '') return [];
  const type = proposed.type ?? (await pickedType(key, l10n));
  if (!type) return [];
  const able = flags.projects().filter((each) => {
    const ref = { system: each.system, project: each.config.name };
    const system = flags.systemFor(ref);
    return flags.environmentsFor(ref).some(({ ref: at }) => system?.describe(at).create === true);
  });
  if (able.length === 0) {
    void vscode.window.showInformationMessage(
      l10n.t('No flag system that is connected here can be given a new flag from here.'),
    );
    return [];
  }
  const project = able.length === 1 ? able[0] : await pickedProject(key, able, l10n);
  if (!project) return [];
  const ref = { system: project.system, project: project.config.name, key };
  const missing = flags.environmentsFor(ref).filter(({ ref: at }) => {
    const state = flags.state(ref, at);
    return (state === undefined || state.switch === 'absent') && flags.systemFor(ref)?.describe(at).create === true;
  });
  const environments = await chosenAmong(missing, key, { flags, l10n });
  const off = proposed.off === undefined ? {} : { off: proposed.off };
  return (environments ?? []).map(({ ref: environment }) => ({
    ref,
    environment,
    intent: { kind: 'create', type, ...off },
    seen: absentState(environment),
  }));
}

/** Where it is made in all at once, the one in which it takes most to make one: what is asked there holds for all. */
async function chosenAmong(
  missing: readonly Environment[],
  key: string,
  { flags, l10n }: { readonly flags: Flags; readonly l10n: L10n },
): Promise<readonly Environment[] | undefined> {
  const [first] = missing;
  if (!first || missing.length === 1) return missing;
  if (flags.systemFor(first.ref)?.describe(first.ref).createdEverywhere === true)
    return [missing.find(({ protected: { value } }) => value) ?? first];
  const items = missing.map((environment) => ({
    label: iconless(environment.ref.name),
    description: iconless(environment.sourceName),
    picked: true,
    environment,
  }));
  const placeHolder = l10n.t('In which environments? It is off in each.');
  const picked = await vscode.window.showQuickPick(items, { title: key, placeHolder, canPickMany: true });
  return picked?.map(({ environment }) => environment);
}

async function pickedType(key: string, l10n: L10n): Promise<CreatableType | undefined> {
  const picked = await vscode.window.showQuickPick([...creatableTypeSchema.options], {
    title: key,
    placeHolder: l10n.t('Of which type?'),
  });
  return creatableTypeSchema.safeParse(picked).data;
}

async function pickedProject<T extends { readonly system: string; readonly config: { readonly name: string } }>(
  key: string,
  projects: readonly T[],
  l10n: L10n,
): Promise<T | undefined> {
  const items = projects.map((project) => ({
    label: iconless(project.config.name),
    description: iconless(project.system),
    project,
  }));
  return (await vscode.window.showQuickPick(items, { title: key, placeHolder: l10n.t('In which project?') }))?.project;
}
