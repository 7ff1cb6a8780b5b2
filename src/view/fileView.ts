import type { Reference } from '../model/reference';
import { chosenStanding } from './environments';
import { dimmedRegions } from './dimming';
import { referenceHover } from './hover';
import type { ViewInput } from './input';
import { hasInlineFact, inlineFacts, referenceFact, type ReferenceFact } from './inlineFact';
import { lenses } from './lenses';
import type { DimmedRegion, FileView, GutterMark, HoverModel, RulerMark, TextRange } from './output';
import { statusBar } from './statusBar';

/** Everything the surfaces of one file draw, decided once. Surfaces that are off get nothing. */
export function fileView(input: ViewInput): FileView {
  const { file, settings } = input;
  const references = file?.references ?? [];
  const facts = references.map((reference) => referenceFact(input, reference));
  const dimmed = settings.dimming
    ? references.map((reference) => dimmedRegions(input, reference, (flag) => chosenStanding(input, flag)))
    : [];
  const marks = gutterMarks(facts, references);
  return {
    inline: settings.inlineFacts ? inlineFacts(facts, references) : [],
    gutter: settings.gutter ? marks : [],
    ruler: settings.ruler ? rulerMarks(facts, references) : [],
    lenses: settings.codeLens ? lenses(input, facts) : [],
    hovers: settings.hover ? hovers(input, references, dimmed) : [],
    dimmed: dimmed.flat(),
    statusBar: settings.statusBar ? statusBar(input, facts) : null,
  };
}

/** Whether two views draw the same. Hover models are made on demand and are not compared. */
export function sameView(a: FileView, b: FileView): boolean {
  const drawn = ({ hovers: places, ...rest }: FileView): string =>
    JSON.stringify([rest, places.map(({ range }) => range)]);
  return a === b || drawn(a) === drawn(b);
}

/** One mark a line: a regression first, then what is known over what is not, then the first reference. */
function gutterMarks(facts: readonly (ReferenceFact | null)[], references: readonly Reference[]): GutterMark[] {
  const byLine = new Map<number, GutterMark>();
  const weight = ({ regression, icon }: GutterMark): number => (regression ? 2 : icon === 'unknown' ? 0 : 1);
  for (const [index, fact] of facts.entries()) {
    const reference = references[index];
    if (!fact || !reference || !hasInlineFact(reference)) continue;
    const mark = { line: reference.line, icon: fact.icon, regression: fact.regression };
    const there = byLine.get(mark.line);
    if (!there || weight(mark) > weight(there)) byLine.set(mark.line, mark);
  }
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}

/** Only what must be found when scrolling: regressions, and keys nobody knows. */
function rulerMarks(facts: readonly (ReferenceFact | null)[], references: readonly Reference[]): RulerMark[] {
  const byLine = new Map<number, RulerMark>();
  for (const [index, fact] of facts.entries()) {
    const line = references[index]?.line;
    if (!fact || line === undefined) continue;
    if (fact.regression) byLine.set(line, { line, tone: 'regression' });
    else if (fact.subject.kind === 'unknown' && !byLine.has(line)) byLine.set(line, { line, tone: 'unknown' });
  }
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}

interface Place {
  readonly range: TextRange;
  readonly model: () => HoverModel;
}

/** Over the flag's name and call, and over regions that are dimmed. Calls come first where they overlap. */
function hovers(
  input: ViewInput,
  references: readonly Reference[],
  dimmed: readonly (readonly DimmedRegion[])[],
): Place[] {
  const make = (reference: Reference, more: readonly string[]): HoverModel => referenceHover(input, reference, more);
  const calls = references.map((reference, index): Place => {
    const { line, column, endLine, endColumn } = reference;
    const range = { startLine: line, startColumn: column, endLine, endColumn };
    return {
      range,
      model: () =>
        make(
          reference,
          (dimmed[index] ?? []).map(({ reason }) => reason),
        ),
    };
  });
  const regions = references.flatMap((reference, index) =>
    (dimmed[index] ?? []).map(({ range, reason }): Place => ({ range, model: () => make(reference, [reason]) })),
  );
  const order = (a: Place, b: Place): number =>
    a.range.startLine - b.range.startLine || a.range.startColumn - b.range.startColumn;
  return [...calls.sort(order), ...regions.sort(order)];
}
