import type { CreatableType } from '../../model/change';
import type { Reference } from '../../model/reference';
import type { L10n } from '../../platform/l10n';
import type { FlagLookup, ProjectAnswer } from '../input';
import { quoted } from '../text';
import { projectNames, type Finding } from './diagnosis';
import type { DiagnosticFix } from './diagnostic';
import type { OwnServices } from './ownServices';
import { sdkFits } from './sdkFits';

/**
 * A reference to a flag that nobody defines. Said only where it can be known: the SDK, or the project's own service, asks
 * a connected system, and every system that the file's keys are of has answered whole.
 */
export function undefinedFlag(
  reference: Reference & { readonly key: string },
  { lookup, ownServices }: { readonly lookup: FlagLookup; readonly ownServices: OwnServices },
  l10n: L10n,
): Finding | null {
  const { key, sdk } = reference;
  const asked =
    sdk === null && ownServices.ask(lookup)
      ? lookup.projects
      : lookup.projects.filter(({ systemType }) => sdkFits(sdk, systemType));
  if (asked.length === 0 || !isWhollyKnown(lookup) || lookup.resolve(key).length > 0) return null;
  const near = lookup.nearest(key);
  const where = projectNames(asked);
  const message =
    near === null
      ? l10n.t('No flag {0} is defined in {1}, so callers get the default.', quoted(key), where)
      : l10n.t('No flag {0} is defined in {1}. Did you mean {2}?', quoted(key), where, quoted(near));
  const create: DiagnosticFix = { kind: 'createFlag', key, type: typeOf(reference) };
  return {
    message,
    fixes: near === null ? [create] : [{ kind: 'replaceKey', from: key, to: near }, create],
  };
}

const whole = new WeakMap<FlagLookup, boolean>();

/** What is missing may be what could not be read: a system that is stale or silent makes it unknowable. */
function isWhollyKnown(lookup: FlagLookup): boolean {
  let known = whole.get(lookup);
  if (known === undefined) {
    known = lookup.projects.every(isAnsweredWhole);
    whole.set(lookup, known);
  }
  return known;
}

function isAnsweredWhole({ answer }: ProjectAnswer): boolean {
  if (answer.state !== 'ok') return false;
  const { silent = [], isPartial = false, problems } = answer.value;
  // A flag that could not be read is known by its key: it hides no other.
  return silent.length === 0 && !isPartial && !problems.some(({ severity, key }) => severity === 'error' && !key);
}

function typeOf({ valueType, defaultValue }: Reference): CreatableType | null {
  if (valueType !== undefined) return valueType;
  switch (typeof defaultValue) {
    case 'boolean':
    case 'string':
    case 'number':
      return typeof defaultValue as CreatableType;
    default:
      return null;
  }
}
