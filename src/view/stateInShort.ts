import type { FlagSnapshot } from '../model/flag';
import { chosenStanding, shortName } from './environments';
import type { FlagLookup, ViewContext } from './input';
import { shareWords } from './shareWords';
import { clip, oneLine } from './text';

const widestName = 20;

interface Said {
  readonly flags: FlagLookup;
  readonly environment: string | null;
  readonly words: string;
}

/** By flag, as long as its snapshot and the reader's environment stand: lists are made at every keystroke. */
const said = new WeakMap<FlagSnapshot, Said>();

/** `25% prod`: what a flag is where the reader looks, without what telemetry says of it. For lists of many flags. */
export function stateInShort(context: ViewContext, flag: FlagSnapshot): string {
  const { flags, environment } = context;
  const known = said.get(flag);
  if (known?.flags === flags && known.environment === environment) return known.words;
  const words = inShort(context, flag);
  said.set(flag, { flags, environment, words });
  return words;
}

function inShort(context: ViewContext, flag: FlagSnapshot): string {
  const { l10n } = context;
  const standing = chosenStanding(context, flag);
  const [words = ''] = shareWords(flag, standing ?? { state: null }, l10n).texts;
  if (!standing) return words;
  const name = shortName(standing.environment, context.flags.environments(flag.ref), l10n);
  return l10n.t('{0} {1}', words, clip(oneLine(name), widestName));
}
