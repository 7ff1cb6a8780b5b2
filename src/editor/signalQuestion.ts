import * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import { lastKnown } from '../model/answer';
import type { BackendConfig } from '../model/config';
import type { Environment } from '../model/flag';
import { codePathId, type CodePath } from '../model/reference';
import { namesByValue } from '../model/variantNames';
import type { FactsRequest, FlagQuestion } from '../telemetry/api';
import { enclosingPath } from '../view/signalReading';
import type { Choices } from './choices';
import type { CodeIndex } from './codeIndex';
import { isCodeDocument } from './documentSelectors';

/** More telemetry environments than this are not asked at once. */
const mostEnvironments = 8;

export interface SignalQuestionOf {
  readonly flags: Flags;
  readonly code: CodeIndex;
  readonly choices: Choices;
  /** Folders by service, as the workspace's manifests say; nothing until they were read. */
  readonly discovered: () => FactsRequest['discovered'];
  /** The Flags view or a detail panel is in sight: every flag is asked for, not only those of the visible files. */
  readonly wantsAllFlags: () => boolean;
}

/** The telemetry environments whose numbers are shown, the chosen one first. A definition has no traffic of its own. */
export function telemetryEnvironments({
  flags,
  choices,
}: Pick<SignalQuestionOf, 'flags' | 'choices'>): readonly string[] {
  const all = flags
    .projects()
    .flatMap(({ answer }) => lastKnown(answer)?.value.environments ?? [])
    .filter(({ kind }) => kind !== 'definition');
  const chosen = (environment: Environment): number => (environment.ref.name === choices.environment?.name ? 0 : 1);
  const sorted = [...all].sort((a, b) => chosen(a) - chosen(b));
  return [...new Set(sorted.map(({ telemetryName }) => telemetryName))].slice(0, mostEnvironments);
}

/** What is asked of telemetry for one environment: code paths and flags of the visible files, and all flags when wanted. */
export function signalQuestion(
  { flags, code, choices, discovered, wantsAllFlags }: SignalQuestionOf,
  environment: string,
): Omit<FactsRequest, 'environment'> {
  const codePaths: CodePath[] = [];
  const at = new Map<string, { readonly key: string; readonly path: string; readonly ids: Set<string> }>();
  for (const { document } of vscode.window.visibleTextEditors) {
    const facts = isCodeDocument(document) ? code.facts(document) : null;
    if (!facts) continue;
    codePaths.push(...facts.codePaths);
    for (const reference of facts.references) {
      if (reference.key === null) continue;
      const path = enclosingPath(facts, reference.line);
      const id = `${document.uri.fsPath}\n${reference.key}`;
      const known = at.get(id) ?? { key: reference.key, path: document.uri.fsPath, ids: new Set() };
      if (path) known.ids.add(codePathId(path));
      at.set(id, known);
    }
  }
  const questions = new Map<string, FlagQuestion>();
  for (const { key, path, ids } of at.values()) {
    const [resolved] = flags.resolve(key, path);
    const question = { key, ...definitionOf(flags, resolved, environment) };
    if (ids.size > 0) questions.set(`${key}\n${path}`, { ...question, at: [...ids] });
    questions.set(key, { ...question, at: [] });
  }
  if (wantsAllFlags()) {
    for (const { answer } of flags.projects()) {
      for (const flag of lastKnown(answer)?.value.flags ?? []) {
        const { key } = flag.ref;
        if (!questions.has(key))
          questions.set(key, { key, at: [], ...definitionOf(flags, flags.flag(flag.ref), environment) });
      }
    }
  }
  const configurations = configurationsOf(flags);
  const manifests = discovered();
  return {
    windowMinutes: choices.windowMinutes,
    codePaths,
    overrides: Object.assign({}, ...configurations.map(({ matcher }) => matcher.overrides)) as Record<string, string>,
    services: Object.assign({}, ...configurations.map(({ services }) => services)) as Record<string, string[]>,
    ...(manifests && { discovered: manifests }),
    flags: [...questions.values()],
    backends: configuredBackends(flags),
  };
}

const configurationsOf = (flags: Flags) =>
  (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => flags.configurationFor(uri.fsPath)?.config ?? []);

/** The stores that the folders' configurations name beside the receiver. */
export const configuredBackends = (flags: Flags): readonly BackendConfig[] =>
  configurationsOf(flags).flatMap(({ backends }) => backends);

/** What the flag's definition in this telemetry environment says: it decides the arms and whether a verdict may be given. */
function definitionOf(
  flags: Flags,
  resolved: ReturnType<Flags['flag']>,
  telemetryName: string,
): Pick<FlagQuestion, 'effective' | 'offVariant' | 'variantNames' | 'changedAt'> {
  const environment = resolved?.environments.find((one) => one.telemetryName === telemetryName);
  const state = resolved && environment && flags.state(resolved.flag.ref, environment.ref);
  return {
    effective: state?.effective ?? null,
    offVariant: state?.offVariant ?? null,
    ...(resolved?.flag.changed && { changedAt: resolved.flag.changed.at }),
    ...(resolved && { variantNames: Object.fromEntries(namesByValue(resolved.flag.variants)) }),
  };
}
