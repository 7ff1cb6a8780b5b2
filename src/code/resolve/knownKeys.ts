import type { Reference } from '../../model/reference';
import { saysFlag } from '../flagNames';
import { innermostFunction } from '../innermostFunction';
import { lastName, receiverName, type Call, type Expr } from '../summary';
import type { Places } from './places';
import type { Site } from './value';

type Text = Extract<Expr, { k: 'str' }>;

/**
 * Known keys that a piece writes out: given to something whose name says flag, they are likely evaluations; anywhere
 * else they are mentions, with what keeps them from being more.
 */
export function* knownKeysIn(site: Site, isKnown: (key: string) => boolean, places: Places): Generator<Reference> {
  const { piece } = site;
  for (const call of piece.calls) {
    for (const text of [...call.a, ...(call.kw ?? []).map(([, e]) => e)].flatMap((e) => [...textsIn(e)])) {
      if (!isKnown(text.v)) continue;
      const name = sayingFlag(site, call);
      const called = lastName(call.c) ?? 'a call';
      if (name === undefined)
        yield mention(site, text, `given to ${called}, which nothing tells to ask for flags`, places);
      else {
        const words = `"${text.v}" is a flag of a connected system; what it is given to is called ${name}`;
        const row = written(site, text, Math.floor(call.id), words, places);
        // What a tool wrote beside its accessors describes the flag; the accessors' calls are the evaluations.
        if (row.generated && row.kind !== 'test') yield { ...row, kind: 'definition', via: 'codegen' };
        else yield { ...row, via: 'literal' };
      }
    }
  }
  for (const { e } of [...piece.decls, ...piece.members])
    for (const text of textsIn(e))
      if (isKnown(text.v))
        yield mention(site, text, 'written down, and no evaluation is found that takes it from there', places);
}

/** What of a call's names says flag: the function's, else its receiver's. */
function sayingFlag({ piece }: Site, { c, kind }: Call): string | undefined {
  const name = lastName(c);
  if (name === undefined || kind === 'template') return undefined;
  const receiver = c.k === 'mem' ? receiverName(piece, c.o) : '';
  return [name, receiver].find((each) => saysFlag(each));
}

function mention(site: Site, text: Text, why: string, places: Places): Reference {
  const words = `"${text.v}" is a flag of a connected system; it is ${why}`;
  return { ...written(site, text, text.at + text.v.length + 2, words, places), kind: 'mention', via: 'literal' };
}

function written(site: Site, text: Text, end: number, words: string, places: Places): Omit<Reference, 'via'> {
  const place = places.of(site, text.at, end, around(site, text.at));
  return {
    ...place,
    key: text.v,
    pattern: null,
    certainty: 'likely',
    sdk: null,
    evaluatedOn: 'unknown',
    regions: [],
    trace: [{ words, path: place.path, line: place.line }],
  };
}

const around = ({ piece }: Site, at: number): number => innermostFunction(piece.fns, at);

function* textsIn(e: Expr | undefined, depth = 0): Generator<Text> {
  if (!e || depth > 4) return;
  if (e.k === 'str') yield e;
  else if (e.k === 'obj') for (const [, inner] of e.m) yield* textsIn(inner, depth + 1);
  else if (e.k === 'arr') for (const inner of e.e) yield* textsIn(inner, depth + 1);
}
