import { join } from 'node:path';
import type { Tools } from '../../code/tools';
import type { UserProtection } from '../../flags/protection';
import type { FlagStore } from '../../flags/store';
import type { Http } from '../../platform/http';
import type { L10n } from '../../platform/l10n';
import { systemClock } from '../../platform/node/clock';
import type { GitRepository } from '../../platform/node/gitRepository';
import type { Remotes } from '../../platform/remotes';
import type { ReviewStep } from '../../review/api';
import { impactReport } from '../../review/impactReport';
import type { FileChange } from '../../review/input';
import type { Missing, Report } from '../../review/report';
import { oneLine } from '../../view/text';
import { KnownFlags, type ListedKeys } from '../knownFlags';
import { problemText } from '../problemText';
import { StoreOwner } from '../storeOwner';
import { WorkspaceSignals } from '../workspaceSignals';
import { comparisonOf, type Compared, type Comparison } from './comparison';
import { keptCode } from './keptCode';
import { reviewedCode } from './reviewCode';
import { reviewConsumers } from './reviewConsumers';
import { configuredBy, definingFiles, definitionChanges, flagsAt, noRemotes } from './reviewFlags';
import { reviewSignals, telemetryEnvironments, type SignalsAsked } from './reviewSignals';
import { RevisionFiles, type RevisionSource } from './revisionFiles';
import { toolsOver } from './revisionTools';
import { changedPaths, linesOf } from './revisionTree';

export interface ChangeAsked extends Compared {
  readonly windowMinutes: number;
  /** Calls a minute from which a code path counts as busy. */
  readonly busyPerMinute: number;
  /** Globs, beside those of the configuration. */
  readonly exclude: readonly string[];
  /** What the user says is defined. */
  readonly listed: ListedKeys | null;
  readonly protection: UserProtection;
}

/** Where it is run: a command's process, or a worker of the editor. */
export interface ReviewSurroundings {
  readonly tools: Tools;
  /** The folder of grammars, `worker-reader.js` beside it. */
  readonly grammars: string;
  /** The per-user folder. */
  readonly home: string;
  /** For the store of this machine's telemetry. */
  readonly http: Http;
  readonly remotes: Remotes;
  readonly l10n: L10n;
  readonly signal: AbortSignal;
  /** Told what it is at. */
  readonly step: (step: ReviewStep) => void;
  /** Words for whoever watches. */
  readonly err: (text: string) => void;
}

export interface ReviewedChange {
  readonly report: Report;
  /** The commit that lines without the change are of; null: there is none yet. */
  readonly parted: string | null;
}

/** Files that are read whole although no telemetry is there to tell what their functions get. */
const fewFiles = 50;

/**
 * What a change does in production. Nothing is checked out, nothing of the repository is run; configuration is that of
 * the base. Rejects with `GitError` where there is nothing to compare.
 */
export async function reviewChange(
  asked: ChangeAsked,
  repository: GitRepository,
  of: ReviewSurroundings,
): Promise<ReviewedChange> {
  const { l10n, signal, home, grammars, remotes, step } = of;
  const { top } = repository;
  step('compare');
  const [change, onDisk] = await Promise.all([comparisonOf(asked, repository, l10n), repository.clean()]);
  const missing: Missing[] = [...change.missing];
  const absent = new Set<string>();
  const source: RevisionSource = {
    top,
    objects: repository.objects,
    onDisk,
    unread: (path) => void absent.add(path),
  };
  const changed = changedPaths(change.changes);
  const revision = new RevisionFiles(source, change.tip);
  const storage = join(home, 'review');
  const tools = toolsOver(revision, {
    ...{ tools: of.tools, apart: changed, isBare: repository.isBare, grammars, storage },
  });
  step('flags');
  const reading = { remotes, protection: asked.protection, l10n };
  const flags = await flagsAt(change.tip, source, reading);
  try {
    const config = flags.configurationFor(top)?.config;
    const exclude = [...(config?.finder.exclude ?? []), ...asked.exclude];
    const known = await KnownFlags.of({ folder: top, flags }, { listed: asked.listed, exclude }, tools, of);
    for (const words of [...flags.problems().map((problem) => problemText(problem, top)), ...known.silent()])
      missing.push({ source: 'flags', words });
    if (known.isEmpty)
      missing.push({ source: 'flags', words: l10n.t('No flag system is connected: states of flags are not known.') });
    const telemetryAsked: SignalsAsked = {
      flags,
      signals: new WorkspaceSignals({
        owner: new StoreOwner(of.http, home),
        remotes,
        backends: config?.backends ?? [],
        l10n,
      }),
      ...{ top, windowMinutes: asked.windowMinutes, l10n, signal },
    };
    step('telemetry');
    const telemetry = await telemetryEnvironments(telemetryAsked);
    // Routes of the change are wanted to look for who calls them, where that costs little.
    const codePaths = telemetry.names.length > 0 || changed.size <= fewFiles;
    step('code');
    const knownKeys = known.keys();
    const code = await keptCode({
      storage,
      question: { from: change.parted, changes: change.changes, knownKeys, exclude, codePaths, locale: l10n.locale },
      read: () =>
        reviewedCode({
          ...{ tools, revision, top, changed, exclude, l10n, signal },
          ...{ before: change.before, after: change.after, knownKeys, codePaths },
        }),
      isSound: () => absent.size === 0,
    });
    revision.tree = change.after;
    step('signals');
    const signals = await reviewSignals(telemetry.names, {
      ...telemetryAsked,
      code: { files: code.before.files.filter(({ path }) => changed.has(path)) },
      keys: keysIn([code.before.files, code.after.files], changed),
    });
    const definitions = await definitionsOf(flags, change, source, changed, asked.protection, l10n);
    step('consumers');
    const { consumers, missing: unasked } = await reviewConsumers({
      ...{ revision, tip: change.tip, tools, top, changed, exclude, l10n, signal },
      ...{ code: [code.before, code.after], readsRoutes: codePaths },
      ...{ services: config?.services ?? {}, telemetry: telemetryAsked.signals },
      ...{ environments: telemetry.names, signals: signals.signals },
    });
    missing.push(...code.missing, ...telemetry.missing, ...signals.missing, ...unasked, ...absentWords(absent, l10n));
    missing.push({
      source: 'telemetry',
      words: l10n.t('What the changed code got a week ago was not looked up.'),
    });
    const report = impactReport({
      base: change.base,
      head: change.head,
      changes: fileChanges(change),
      codeBefore: code.before,
      codeAfter: code.after,
      written: code.written,
      flagsOf: (path) => known.seenFrom({ root: top, path }),
      definitions,
      signals: signals.signals,
      guardrails: config?.guardrails ?? {},
      busyPerMinute: asked.busyPerMinute,
      consumers,
      missing,
      now: systemClock.now(),
      l10n,
    });
    return { report, parted: change.parted };
  } finally {
    flags.dispose();
  }
}

const fileChanges = ({ changes, hunks }: Comparison): FileChange[] =>
  changes
    .filter(({ before, after }) => (after ?? before)?.entry.kind === 'file')
    .map((one) => ({ before: one.before?.path ?? null, after: one.after?.path ?? null, lines: linesOf(one, hunks) }));

function absentWords(absent: ReadonlySet<string>, l10n: L10n): readonly Missing[] {
  if (absent.size === 0) return [];
  const names = [...absent]
    .slice(0, 5)
    .map((path) => oneLine(path))
    .join(', ');
  return [{ source: 'git', words: l10n.t('{0} files are not in this clone: {1}', absent.size, names) }];
}

type KeyedFile = {
  readonly path: string;
  readonly references: readonly { readonly key: string | null }[];
};

const keysIn = (sides: readonly (readonly KeyedFile[])[], changed: ReadonlySet<string>): string[] => [
  ...new Set(
    sides
      .flat()
      .flatMap(({ path, references }) => (changed.has(path) ? references.flatMap(({ key }) => key ?? []) : [])),
  ),
];

/** Where the change touches files that flags are defined in, what it makes of them. */
async function definitionsOf(
  flags: FlagStore,
  { tip, before, after }: Comparison,
  source: RevisionSource,
  changed: ReadonlySet<string>,
  protection: UserProtection,
  l10n: L10n,
): Promise<ReturnType<typeof definitionChanges>> {
  if (!definingFiles(flags, source.top).some((path) => changed.has(path))) return [];
  const reading = { remotes: noRemotes(l10n), protection, l10n };
  const [was, is] = await Promise.all([before, after].map((tree) => flagsAt(configuredBy(tip, tree), source, reading)));
  try {
    return was && is ? definitionChanges(was, is, source.top) : [];
  } finally {
    was?.dispose();
    is?.dispose();
  }
}
