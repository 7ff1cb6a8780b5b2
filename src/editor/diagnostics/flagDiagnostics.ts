import * as vscode from 'vscode';
import type { Flags } from '../../flags/api';
import { flagId } from '../../model/identity';
import type { Clock } from '../../platform/clock';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { L10n } from '../../platform/l10n';
import type { Log } from '../../platform/log';
import type { Settings } from '../../platform/settings';
import { Diagnosis } from '../../view/diagnostics/diagnose';
import type { DiagnosedFile } from '../../view/diagnostics/diagnosis';
import type { DiagnosticPlace, FlagDiagnostic } from '../../view/diagnostics/diagnostic';
import { KeptDiagnosis } from '../../view/diagnostics/keptDiagnosis';
import { severitiesOf } from '../../view/diagnostics/severities';
import type { FlagLookup } from '../../view/input';
import type { CodeIndex } from '../codeIndex';
import { workspacePlace } from '../workspacePlace';
import { DrawnDiagnostic, placeUri, tokenRange } from './drawnDiagnostic';
import type { UnreferencedFlags } from './unreferencedFlags';
import type { WorkspaceReferences } from './workspaceReferences';

/** Between what changed and what is drawn of it, in milliseconds: many things change at once. */
const rest = 250;
/** No more than so long at a time, in milliseconds: others want the host's thread as well. */
const slice = 8;
/** So many flags that nothing names are drawn in one part. */
const atOnce = 200;
/** The view of problems is for reading: beyond these nothing is added. */
const most = 5_000;

export interface FlagDiagnosticsOf {
  readonly references: WorkspaceReferences;
  /** Told of flags that nothing names. */
  readonly unreferenced: UnreferencedFlags;
  readonly code: CodeIndex;
  readonly flags: Flags;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly l10n: L10n;
  readonly log: Log;
  readonly seenFrom: (absolutePath: string) => FlagLookup;
}

interface Drawn {
  readonly uri: vscode.Uri;
  readonly diagnostics: vscode.Diagnostic[];
}

interface Round {
  readonly found: Iterator<readonly FlagDiagnostic[]>;
  /** Open documents by URI: what is drawn in them stands where their text has it now. */
  readonly open: ReadonlyMap<string, vscode.TextDocument>;
  readonly drawn: Map<string, Drawn>;
  /** Of these the list is kept for the next round, and added to in a copy only. */
  readonly kept: Set<string>;
  readonly unreferenced: Set<string>;
  count: number;
}

/**
 * What code and flag systems say differently, at the places: of documents as they are written, of all other files as
 * they were indexed. Nothing is said of what a system has not freshly answered.
 */
export class FlagDiagnostics implements Disposable {
  readonly #held = new DisposableStack();
  readonly #collection: vscode.DiagnosticCollection;
  readonly #kept = new KeptDiagnosis();
  /** What was drawn of files that nobody has open, by what was found in them. */
  readonly #drawn = new WeakMap<readonly FlagDiagnostic[], Drawn & { readonly id: string }>();
  /** What the collection has, by URI. */
  #shown: ReadonlyMap<string, readonly vscode.Diagnostic[]> = new Map();
  #timer: Disposable | undefined;
  /** Goes on with a round. */
  #next: Disposable | undefined;

  constructor(private readonly of: FlagDiagnosticsOf) {
    this.#collection = this.#held.add(vscode.languages.createDiagnosticCollection('sightglass-flags'));
    const soon = (): void => this.#soon();
    this.#held.add(of.references.onDidChange(soon));
    this.#held.add(of.code.onDidChangeFacts(soon));
    this.#held.add(
      of.flags.onDidChange(() => {
        this.#kept.flagsMoved();
        soon();
      }),
    );
    this.#held.add(
      of.settings.onDidChange(() => {
        // A round under way would keep what it finds by the severities of before.
        this.#next?.dispose();
        this.#kept.clear();
        soon();
      }),
    );
    this.#held.add(
      vscode.workspace.onDidOpenTextDocument(({ uri }) => {
        if (this.#collection.has(uri)) soon();
      }),
    );
    // What was typed and not saved is no longer there.
    this.#held.add(vscode.workspace.onDidCloseTextDocument(soon));
    this.#soon();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#next?.dispose();
    this.#held.dispose();
    this.of.unreferenced.set(new Set());
  }

  /** Not put off by what happens meanwhile: systems that are asked each second would keep it from ever being drawn. */
  #soon(): void {
    this.#timer ??= this.of.clock.after(rest, () => {
      this.#timer = undefined;
      const { references, flags } = this.of;
      // What a system is asked again meanwhile stands until it answers or fails.
      const isAsking = flags.projects().some(({ answer }) => answer.state === 'asking' && answer.last !== undefined);
      if (!references.current || isAsking) return;
      this.#next?.dispose();
      const open = new Map(vscode.workspace.textDocuments.map((document) => [document.uri.toString(), document]));
      this.#go({
        found: this.#found(references.current, open),
        open,
        drawn: new Map(),
        kept: new Set(),
        unreferenced: new Set(),
        count: 0,
      });
    });
  }

  /** Goes on where it stopped. Another round takes its timer away: it ends without having drawn anything. */
  #go(round: Round): void {
    const { clock, log } = this.of;
    const until = clock.monotonic() + slice;
    try {
      for (let next = round.found.next(); next.done !== true && round.count < most; next = round.found.next()) {
        this.#drawAll(next.value, round);
        if (clock.monotonic() < until) continue;
        this.#next = clock.after(0, () => this.#go(round));
        return;
      }
    } catch (error) {
      log.error('Diagnostics of flags failed', error);
      return;
    }
    const gone: vscode.Uri[] = [];
    this.#collection.forEach((uri) => {
      if (!round.drawn.has(uri.toString())) gone.push(uri);
    });
    for (const uri of gone) this.#collection.delete(uri);
    for (const [id, { uri, diagnostics }] of round.drawn)
      if (this.#shown.get(id) !== diagnostics) this.#collection.set(uri, diagnostics);
    this.#shown = new Map([...round.drawn].map(([id, { diagnostics }]) => [id, diagnostics] as const));
    this.of.unreferenced.set(round.unreferenced);
  }

  *#found(
    { book, isWhole }: NonNullable<WorkspaceReferences['current']>,
    open: Round['open'],
  ): Generator<readonly FlagDiagnostic[]> {
    const { references, settings, l10n, seenFrom, code } = this.of;
    references.showOpen(
      [...open.values()].flatMap((document) => {
        const place = workspacePlace(document.uri);
        const facts = place?.virtual === false ? code.facts(document) : null;
        return place && facts ? [{ root: place.root, path: place.path, references: facts.references }] : [];
      }),
    );
    // Answers may come between two slices: a round is of one state.
    const lookups = new Map<string, FlagLookup>();
    const asked = {
      seenFrom: (file: Pick<DiagnosedFile, 'root' | 'path'>): FlagLookup => {
        const { fsPath } = placeUri(file);
        const lookup = lookups.get(fsPath) ?? seenFrom(fsPath);
        lookups.set(fsPath, lookup);
        return lookup;
      },
      severities: severitiesOf(settings.get<unknown>('diagnostics.severities', {})),
      l10n,
    };
    yield* this.#kept.ofFiles(book, asked, isFresh);
    if (!isWhole) return;
    const unreferenced = yield* this.#kept.unreferenced(book, asked);
    // A text somewhere may still name what no reference does: until that is known again, what was said stands.
    const isKnown = references.hasSearched(new Diagnosis(book, asked).unseenKeys(unreferenced));
    const said = isKnown
      ? unreferenced
      : unreferenced.filter((each) => this.of.unreferenced.ids.has(flagOf(each) ?? ''));
    for (let from = 0; from < said.length; from += atOnce) yield said.slice(from, from + atOnce);
  }

  /** What was drawn of a list stands as it is where nobody has the file open. */
  #drawAll(list: readonly FlagDiagnostic[], round: Round): void {
    const before = this.#drawn.get(list);
    const { open, drawn } = round;
    if (before && !open.has(before.id) && !drawn.has(before.id)) {
      drawn.set(before.id, before);
      round.kept.add(before.id);
      round.count += before.diagnostics.length;
      return;
    }
    for (const each of list) this.#draw(each, round);
    const place = list[0]?.place;
    // What flag files are told stands beside what others say of them: it is drawn each time.
    if (typeof place?.root !== 'string') return;
    const id = placeUri(place).toString();
    const now = drawn.get(id);
    if (now?.diagnostics.length !== list.length || open.has(id)) return;
    this.#drawn.set(list, { id, ...now });
    round.kept.add(id);
  }

  /** A flag of a server has no place here: it is listed in the Flags view. */
  #draw(flag: FlagDiagnostic, round: Round): void {
    const { place, code } = flag;
    const id = code === 'flag-unreferenced' ? flagOf(flag) : null;
    if (id !== null) round.unreferenced.add(id);
    if (place) this.#drawAt(flag, place, round);
  }

  #drawAt(flag: FlagDiagnostic, place: DiagnosticPlace, round: Round): void {
    const { open, drawn, kept } = round;
    const uri = placeUri(place);
    const id = uri.toString();
    const document = open.get(id);
    const was = { line: place.line - 1, character: place.column - 1 };
    const start = document && place.root !== null ? this.of.code.now(document, was) : was;
    if (!start) return;
    const lineOf = (line: number): string | undefined =>
      document && line < document.lineCount ? document.lineAt(line).text : undefined;
    const before = drawn.get(id);
    const ofFile = before && !kept.delete(id) ? before : { uri, diagnostics: [...(before?.diagnostics ?? [])] };
    drawn.set(id, ofFile);
    ofFile.diagnostics.push(new DrawnDiagnostic(flag, tokenRange({ place, key: flag.key }, start, lineOf)));
    round.count++;
  }
}

/** The flag that it is about, by `flagId`; null: of no one project. */
const flagOf = ({ project, key }: FlagDiagnostic): string | null => project && flagId({ ...project, key });

/** Whether the systems that it is said of have answered, and it is not known by what they once said. */
function isFresh({ project }: FlagDiagnostic, { projects }: FlagLookup): boolean {
  const about = project
    ? projects.filter((one) => one.system === project.system && one.project === project.project)
    : projects;
  return about.every(({ answer }) => answer.state === 'ok' || answer.state === 'asking');
}
