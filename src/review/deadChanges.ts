import type { FlagSnapshot } from '../model/flag';
import { environmentId } from '../model/identity';
import type { Reference } from '../model/reference';
import { deadWays } from '../view/dimming';
import { shareWords } from '../view/shareWords';
import type { CodeSide, FileChange, ReviewInput } from './input';
import { touched } from './lines';
import type { Place } from './report';

/** Changed code on a side of a flag that nobody is given in an environment. */
export interface DeadChange {
  readonly key: string;
  readonly environment: string;
  /** Everybody gets the off variant there; else the side is the one that is left behind. */
  readonly isOff: boolean;
  readonly places: readonly Place[];
}

/** Changed lines that nobody reaches, by flag and environment. */
export function deadChanges(input: ReviewInput): readonly DeadChange[] {
  const found = new Map<string, DeadChange>();
  const look = (side: CodeSide, name: 'base' | 'head'): void => {
    const changes = new Map(input.changes.map((change) => [name === 'head' ? change.after : change.before, change]));
    for (const { path, references } of side.files) {
      const change = changes.get(path);
      if (!change) continue;
      for (const reference of references) {
        if (reference.kind !== 'evaluation' || reference.certainty !== 'certain' || reference.key === null) continue;
        for (const dead of deadOf(reference, change, name, input)) {
          const id = JSON.stringify([dead.key, dead.environment, dead.isOff, name]);
          const known = found.get(id);
          found.set(id, known ? joined(known, dead) : dead);
        }
      }
    }
  };
  look(input.codeAfter, 'head');
  look({ files: gone(input) }, 'base');
  return [...found.values()];
}

/** Files that are no more: what was taken out of others is seen in what is left around it. */
const gone = ({ codeBefore, changes }: ReviewInput): CodeSide['files'] => {
  const paths = new Set(changes.flatMap(({ before, after }) => (after === null ? [before] : [])));
  return codeBefore.files.filter(({ path }) => paths.has(path));
};

/** Regions within regions, and several evaluations of one flag, are of the same lines. */
function joined(one: DeadChange, other: DeadChange): DeadChange {
  const places = new Map([...one.places, ...other.places].map((place) => [JSON.stringify(place), place]));
  return { ...one, places: [...places.values()] };
}

function deadOf(reference: Reference, change: FileChange, side: 'base' | 'head', input: ReviewInput): DeadChange[] {
  const lookup = input.flagsOf(reference.path);
  const [flag, another] = lookup.resolve(reference.key ?? '');
  if (!flag || another || flag.unreadable) return [];
  // Git tells lines: what stands on that of the evaluation changed with it, or it alone did.
  const ownLine = touched({ startLine: reference.line, endLine: reference.endLine }, change, side).length > 0;
  const changed = reference.regions
    .filter(({ startLine, endLine }) => startLine < endLine || startLine !== reference.line)
    .map((region) => ({ region, lines: touched(region, change, side) }))
    .filter(({ lines }) => lines.length > 0);
  if (changed.length === 0) return [];
  return lookup.environments(flag.ref).flatMap((environment): DeadChange[] => {
    const state = stateIn(flag, environmentId(environment.ref));
    if (!state) return [];
    const dead = changed.filter(({ region }) => deadWays(flag, state, region.when));
    if (dead.length === 0) return [];
    const isOff = shareWords(flag, { state }, input.l10n).off;
    // An evaluation that is new has two sides, one of which is what was there before.
    if (ownLine && !isOff) return [];
    const stretches = dead.flatMap(({ lines }) => lines);
    return [
      {
        key: flag.ref.key,
        environment: environment.ref.name,
        isOff,
        places: stretches.map(({ startLine, endLine }) => ({
          side,
          path: reference.path,
          line: startLine,
          endLine,
          function: reference.function,
          kind: null,
        })),
      },
    ];
  });
}

const stateIn = (flag: FlagSnapshot, id: string) =>
  flag.states.find(({ environment }) => environmentId(environment) === id);
