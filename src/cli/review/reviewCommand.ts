import { join, resolve } from 'node:path';
import { FileReaders, type ReadRequest } from '../../code/fileReaders';
import { javascriptSearch } from '../../code/scan/walk';
import type { Tools } from '../../code/tools';
import type { SourceFile } from '../../code/readSource';
import { CONFIGURATION_NAME } from '../../flags/configuration';
import type { FlagStore } from '../../flags/store';
import type { Files } from '../../platform/files';
import { systemClock } from '../../platform/node/clock';
import { nodeFiles } from '../../platform/node/files';
import { GitRepository } from '../../platform/node/gitRepository';
import { nodeHash } from '../../platform/node/hash';
import { nodePaths } from '../../platform/node/paths';
import { nodeWorkers } from '../../platform/node/workerChannel';
import { impactReport } from '../../review/impactReport';
import type { FileChange } from '../../review/input';
import { markdown } from '../../review/formats/markdown';
import { severities, type Missing, type Report } from '../../review/report';
import { oneLine } from '../../view/text';
import { finder } from '../finder';
import { reviewHtml } from '../../review/formats/html';
import { reviewSarif } from '../../review/formats/sarif';
import { problemText } from '../formats/problemText';
import { KnownFlags } from '../knownFlags';
import { serverAccess } from '../serverAccess';
import { StoreOwner } from '../storeOwner';
import { exitCodes, type Surroundings } from '../surroundings';
import { WorkspaceSignals } from '../workspaceSignals';
import { comparisonOf, type Comparison } from './comparison';
import { reviewedCode } from './reviewCode';
import { reviewConsumers } from './reviewConsumers';
import { configuredBy, definingFiles, definitionChanges, flagsAt, noRemotes } from './reviewFlags';
import type { ReviewOptions } from './reviewOptions';
import { reviewSignals, telemetryEnvironments, type SignalsAsked } from './reviewSignals';
import { RevisionFiles, type RevisionSource } from './revisionFiles';
import { revisionSearch } from './revisionSearch';
import { changedPaths, linesOf } from './revisionTree';

/**
 * `review`: what a change does in production. Nothing is checked out, nothing of the repository is run; configuration is
 * that of the base. Ends with 1 when there is a reason of those that `--fail-on` names. Grammars are read from `grammars`
 * beside the bundle unless another folder is given.
 */
export async function reviewCommand(
  options: ReviewOptions,
  surroundings: Surroundings,
  grammars = join(__dirname, 'grammars'),
): Promise<number> {
  const { out, err, signal, cwd } = surroundings;
  const repository = await GitRepository.at(resolve(cwd, options.folder), signal);
  try {
    const report = await reportOf(options, repository, surroundings, grammars);
    out(written(report, options, surroundings));
    for (const { words } of report.missing) err(`${oneLine(words, 1_000)}\n`);
    const { codes, severity } = options.failOn;
    const fails = report.reasons.some(
      (reason) =>
        codes.includes(reason.code) ||
        (severity !== null && severities.indexOf(reason.severity) <= severities.indexOf(severity)),
    );
    return fails ? exitCodes.tooMany : exitCodes.done;
  } finally {
    repository.dispose();
  }
}

/** Files that are read whole although no telemetry is there to tell what their functions get. */
const fewFiles = 50;

async function reportOf(
  options: ReviewOptions,
  repository: GitRepository,
  surroundings: Surroundings,
  grammars: string,
): Promise<Report> {
  const { l10n, signal } = surroundings;
  const { top } = repository;
  const change = await comparisonOf(options, repository, l10n);
  const missing: Missing[] = [...change.missing];
  const absent = new Set<string>();
  const source: RevisionSource = {
    top,
    objects: repository.objects,
    onDisk: await repository.clean(),
    unread: (path) => void absent.add(path),
  };
  const changed = changedPaths(change.changes);
  const revision = new RevisionFiles(source, change.tip);
  const home = await surroundings.home();
  const storage = join(home, 'review');
  const tools = await toolsOver(revision, { apart: changed, isBare: repository.isBare, grammars, storage });
  const servers = await serverAccess(surroundings);
  const flags = await flagsAt(change.tip, source, servers.remotes, l10n);
  try {
    const config = flags.configurationFor(top)?.config;
    const exclude = [...(config?.finder.exclude ?? []), ...options.exclude];
    const known = await KnownFlags.of(
      { folder: top, flags },
      { keysFile: options.keysFile, exclude },
      tools,
      surroundings,
    );
    for (const words of [...flags.problems().map((problem) => problemText(problem, top)), ...known.silent()])
      missing.push({ source: 'flags', words });
    if (known.isEmpty)
      missing.push({ source: 'flags', words: l10n.t('No flag system is connected: states of flags are not known.') });
    const asked: SignalsAsked = {
      flags,
      signals: new WorkspaceSignals({
        owner: new StoreOwner(surroundings.http, home),
        remotes: servers.remotes,
        backends: config?.backends ?? [],
        l10n,
      }),
      ...{ top, windowMinutes: options.windowMinutes, l10n, signal },
    };
    const telemetry = await telemetryEnvironments(asked);
    // Routes of the change are wanted to look for who calls them, where that costs little.
    const codePaths = telemetry.names.length > 0 || changed.size <= fewFiles;
    const code = await reviewedCode({
      ...{ tools, revision, top, changed, exclude, l10n, signal },
      ...{ before: change.before, after: change.after, knownKeys: known.keys() },
      codePaths,
    });
    const signals = await reviewSignals(telemetry.names, {
      ...asked,
      code: { files: code.before.files.filter(({ path }) => changed.has(path)) },
      keys: keysIn(code.before.files, code.after.files, changed),
    });
    const definitions = await definitionsOf(flags, change, source, changed, surroundings);
    const { consumers, missing: unasked } = await reviewConsumers({
      ...{ revision, tip: change.tip, tools, top, changed, exclude, l10n, signal },
      ...{ code: [code.before, code.after], readsRoutes: codePaths },
      ...{ services: config?.services ?? {}, telemetry: asked.signals },
      ...{ environments: telemetry.names, signals: signals.signals },
    });
    missing.push(...code.missing, ...telemetry.missing, ...signals.missing, ...unasked);
    if (absent.size > 0)
      missing.push({
        source: 'git',
        words: l10n.t(
          '{0} files are not in this clone: {1}',
          absent.size,
          [...absent]
            .slice(0, 5)
            .map((path) => oneLine(path))
            .join(', '),
        ),
      });
    missing.push({
      source: 'telemetry',
      words: l10n.t('What the changed code got a week ago was not looked up.'),
    });
    return impactReport({
      base: change.base,
      head: change.head,
      changes: change.changes
        .filter(({ before, after }) => (after ?? before)?.entry.kind === 'file')
        .map((one): FileChange => ({
          before: one.before?.path ?? null,
          after: one.after?.path ?? null,
          lines: linesOf(one, change.hunks),
        })),
      codeBefore: code.before,
      codeAfter: code.after,
      written: code.written,
      flagsOf: (path) => known.seenFrom({ root: top, path }),
      definitions,
      signals: signals.signals,
      guardrails: config?.guardrails ?? {},
      busyPerMinute: options.busyPerMinute,
      consumers,
      missing,
      now: systemClock.now(),
      l10n,
    });
  } finally {
    flags.dispose();
    servers.dispose();
  }
}

const keysIn = (
  before: Parameters<typeof keysOfFiles>[0],
  after: typeof before,
  changed: ReadonlySet<string>,
): string[] => [...new Set([...keysOfFiles(before, changed), ...keysOfFiles(after, changed)])];

const keysOfFiles = (
  files: readonly { readonly path: string; readonly references: readonly { readonly key: string | null }[] }[],
  changed: ReadonlySet<string>,
): string[] =>
  files.flatMap(({ path, references }) => (changed.has(path) ? references.flatMap(({ key }) => key ?? []) : []));

/** Where the change touches files that flags are defined in, what it makes of them. */
async function definitionsOf(
  flags: FlagStore,
  { tip, before, after }: Comparison,
  source: RevisionSource,
  changed: ReadonlySet<string>,
  { l10n }: Surroundings,
): Promise<ReturnType<typeof definitionChanges>> {
  if (!definingFiles(flags, source.top).some((path) => changed.has(path))) return [];
  const [was, is] = await Promise.all(
    [before, after].map((tree) => flagsAt(configuredBy(tip, tree), source, noRemotes(l10n), l10n)),
  );
  try {
    return was && is ? definitionChanges(was, is, source.top) : [];
  } finally {
    was?.dispose();
    is?.dispose();
  }
}

/** The finder over revisions. Other threads read what lies on disk as it is in the revision. */
async function toolsOver(
  revision: RevisionFiles,
  of: {
    readonly apart: ReadonlySet<string>;
    readonly isBare: boolean;
    readonly grammars: string;
    /** Where what was read is kept for the next time. */
    readonly storage: string;
  },
): Promise<Tools> {
  const { apart, isBare, grammars, storage } = of;
  const { tools } = await finder(grammars);
  const disks = isBare ? [null] : [...tools.searches, javascriptSearch(nodeFiles, nodePaths)];
  return {
    ...tools,
    files: keptIn(storage, revision.files),
    storage,
    // What is kept is kept once, of the base, before the change is taken in.
    later: () => undefined,
    readers: tools.readers && new DiskReaders(revision, grammars),
    searches: disks.map((disk) => revisionSearch({ revision, disk, apart })),
  };
}

/** What the finder keeps is written on disk, whatever is read. */
function keptIn(storage: string, files: Files): Files {
  const of = (path: string): Files => (nodePaths.isInside(storage, path) ? nodeFiles : files);
  return {
    ...files,
    makeFolder: (path, mode) => of(path).makeFolder(path, mode),
    writeAtomic: (path, data, mode, durable) => of(path).writeAtomic(path, data, mode, durable),
    append: (path, data, mode) => of(path).append(path, data, mode),
    remove: (path) => of(path).remove(path),
    rename: (from, to) => of(from).rename(from, to),
  };
}

class DiskReaders extends FileReaders {
  constructor(
    private readonly revision: RevisionFiles,
    grammars: string,
  ) {
    super(nodeWorkers(join(grammars, '..')), { grammars }, 1);
  }

  override read(request: ReadRequest): Promise<SourceFile | undefined> | undefined {
    if (!this.revision.isOnDisk(request.path)) return undefined;
    // Kept until the next time, when the working tree may be of other times: what it is of is told by its object.
    return super.read(request)?.then((file) => file && { ...file, ...this.revision.stampOf(request.path) });
  }
}

function written(report: Report, { format }: ReviewOptions, { l10n, version }: Surroundings): string {
  switch (format) {
    case 'markdown':
      return markdown(report, l10n);
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'sarif':
      return reviewSarif(report, version, CONFIGURATION_NAME);
    case 'html':
      return reviewHtml(report, l10n, nodeHash);
  }
}
