import type { CallShape, Sdk } from '../sdks/callShape';
import { distinctive, isShapeName, sdksOf, shapeOf } from '../sdks/table';
import { lastName, receiverName, type Call } from '../summary';
import type { Evaluator } from './evaluate';
import { namedAround } from './foundWrapper';
import { saysFlag } from '../flagNames';
import { asMatch, distinct, ofShape, type Match, type Step, type Surroundings } from './match';
import { askedByName } from './namedService';
import { alike, typeOf } from './receivers';
import type { Site, Value } from './value';
import type { Evidence, Wrappers } from './wrappers';

/** The receiver could not be followed: its type, its name or the method's name must tell. */
export function matchByName(
  site: Site,
  call: Call,
  name: string,
  receiver: Value,
  evaluator: Evaluator,
  wrappers: Wrappers,
  around: Surroundings,
  step: Step,
): Match[] {
  if (call.c.k !== 'mem') return [];
  const called = receiverName(site.piece, call.c.o);
  const type = typeOf(receiver);
  const self = namedAround(site, call);
  const all = wrappers.named(name).filter(({ fn }) => fn !== self);
  const tells = saysFlag(name) || saysFlag(called);
  // `Flag.NEW.isOn()`: a case of an enum of texts is known by what it is a case of.
  const enumName = receiver.k === 'text' && call.c.o.k === 'mem' ? lastName(call.c.o.o) : undefined;
  const owned = all.filter(({ owners }) =>
    owners.some(
      (owner) =>
        owner === type || owner === enumName || (alike(owner, called) && (tells || saysFlag(owner) || type === null)),
    ),
  );
  if (owned.length > 0) return distinct(owned).map((wrapper) => asMatch(wrapper, 'followed', step));
  const { family } = site.view.summary;
  const isForeign = receiver.k === 'made' || receiver.k === 'package';
  const methods = distinctive(family, name).filter(({ sdk }) => !isForeign && around.uses(sdk));
  const only = methods.find(({ shape }) => shape.distinctive === true);
  // What has a label in Swift stands among the others too.
  const given = call.a.length + (family === 'swift' ? 0 : (call.kw?.length ?? 0));
  if (only && given >= 2)
    return [ofSdk(only.sdk, only.shape, name, 'followed', around, step(`${name}, which only ${only.sdk.title} has`))];
  for (const sdk of isForeign ? [] : sdksOf(family)) {
    const shape = sdk.receiver.test(called) ? shapeOf(sdk.methods, name) : undefined;
    const words = `${name} of "${called}", by its name ${sdk.title}'s client`;
    if (shape && around.uses(sdk)) return [ofSdk(sdk, shape, name, 'followed', around, step(words))];
  }
  const asked = askedByName(site, call, receiver, evaluator, step);
  if (asked) return [asked];
  if (isForeign) return [];
  // Names of accessors are as common as `Value`: only their owner tells.
  const own = distinct(all.filter((wrapper) => wrapper.fixed === null && wrapper.field === null && !wrapper.closure));
  const isTelling = saysFlag(name) && !isShapeName(family, name);
  if (own.length > 0) return own.map((wrapper) => asMatch(wrapper, isTelling ? 'followed' : 'guessed', step));
  return methods
    .filter(({ shape }) => shape.distinctive === 'likely' && given >= (shape.fallback === undefined ? 1 : 2))
    .slice(0, 1)
    .map(({ sdk, shape }) => {
      const words = `${name}, which ${sdk.title} has; of what it is asked cannot be followed`;
      return ofSdk(sdk, shape, name, 'likely', around, step(words));
    });
}

function ofSdk(
  sdk: Sdk,
  shape: CallShape,
  name: string,
  evidence: Evidence,
  around: Surroundings,
  step: Match['trace'][number],
): Match {
  const rest = { sdk: sdk.id, evaluatedOn: around.evaluatedOn(sdk), kind: 'method', trace: [step], name } as const;
  return ofShape(shape, rest, evidence);
}
