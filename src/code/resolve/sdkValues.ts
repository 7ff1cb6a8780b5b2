import { globalOf, shapeOf, type SdkPackage } from '../sdks/table';
import { nothing, type BagOrigin, type Site, type Value } from './value';

/** A member of an SDK's package (`isClient`: of its client): a method that asks, or one that hands out a client or all flags. */
export function clientMember(pkg: SdkPackage, name: string, isClient: boolean): Value {
  const shape = isClient ? shapeOf(pkg.sdk.methods, name) : undefined;
  if (shape) return { k: 'method', pkg, shape, name };
  if (pkg.sdk.bags.some((bag) => bag.name === name)) return { k: 'maker', pkg, makes: 'bag' };
  return pkg.sdk.clientMakers.includes(name) ? { k: 'maker', pkg, makes: 'client' } : nothing;
}

/** What calling a name of an SDK's package gives. */
export function sdkResult(pkg: SdkPackage, name: string): Value {
  if (pkg.sdk.clientMakers.includes(name)) return { k: 'client', pkg };
  const bag = pkg.sdk.bags.find((row) => row.name === name);
  return bag ? { k: 'bag', origin: originOf(pkg), camelCased: bag.camelCased ?? false } : nothing;
}

export function originOf({ sdk, name, evaluatedOn }: SdkPackage): BagOrigin {
  return { sdk: sdk.id, name, evaluatedOn };
}

/** An SDK that a page loads by a `script` element. */
export function asGlobal(site: Site, name: string): Value {
  const found = globalOf(site.view.summary.family, name);
  return found ? { k: 'sdk', ...found } : nothing;
}
