import { callById, lastName, receiverName, type Call } from '../summary';
import { Evaluator } from './evaluate';
import { keysOf } from './keys';
import type { Surroundings } from './match';
import { matchCall, mayMatch } from './matchCall';
import type { Modules } from './modules';
import type { Site } from './value';
import type { FileView } from './view';
import type { Wrappers } from './wrappers';

interface Around extends Modules, Surroundings {
  readonly wrappers: Wrappers;
}

/** What stopped each call of a line from being a reference, in the order of the text; empty where there is no call. */
export function whyNot(view: FileView, around: Around, line: number): string[] {
  const evaluator = new Evaluator(around);
  return view.summary.pieces.flatMap((piece) => {
    const site: Site = { view, piece };
    return piece.calls
      .filter(
        (call) =>
          view.position(piece, call.from).line <= line && line <= view.position(piece, Math.floor(call.id)).line,
      )
      .map((call) => `${written(site, call)}: ${reason(site, call, evaluator, around)}`);
  });
}

function written({ piece }: Site, { c }: Call): string {
  const receiver = c.k === 'mem' ? receiverName(piece, c.o) : '';
  return `${receiver === '' ? '' : `${receiver}.`}${lastName(c) ?? 'a call'}(…)`;
}

function reason(site: Site, call: Call, evaluator: Evaluator, around: Around): string {
  if (call.kind !== 'template' && !mayMatch(site, call, around.wrappers))
    return 'no flag SDK and no wrapper found here has a call of this name, and no name in it asks for a flag';
  const [match] = matchCall(site, call, evaluator, around.wrappers, around);
  if (match) {
    const keys = keysOf(site, call, match, evaluator);
    if (keys.every(({ k }) => k === 'pattern')) return 'asks for a flag, but its key could not be followed to a text';
    if (keys.some(({ k }) => k === 'parameter')) return 'a wrapper: its callers name the flag';
    return match.evidence === 'followed' || match.evidence === 'likely'
      ? 'asks for a flag'
      : 'by its names it may ask for a flag, but the key is neither out of a table of flags nor a known one';
  }
  const value = evaluator.evaluate(site, call.c);
  switch (value.k) {
    case 'function':
      return `a function of ${value.site.view.path} whose parameters lead to no call of a flag SDK`;
    case 'package':
    case 'made':
      return `comes from ${value.module}, which is no flag SDK known here`;
    case 'sdk':
      return `comes from ${value.pkg.name}, but this call asks for no flag`;
    case 'class':
    case 'instance':
      return `makes or calls ${value.cls.n}, which asks for no flag`;
    default: {
      const made = call.c.k === 'mem' && call.c.o.k === 'call' ? callById(site.piece, call.c.o.id) : undefined;
      const of = made ? (lastName(made.c) ?? '') : call.c.k === 'mem' ? receiverName(site.piece, call.c.o) : '';
      return of === '' ? 'what it is could not be followed' : `what "${of}" is could not be followed to a flag SDK`;
    }
  }
}
