import type { CallShape, Sdk } from '../sdks/callShape';
import { sdksOf, shapeOf } from '../sdks/table';
import type { FunctionSummary } from '../summary';
import { parameterName } from './callableBy';
import type { Site } from './value';

const keyName = /key|flag|feature|toggle|gate|experiment|name/i;

/**
 * The SDK whose client a class of the project is called after, and the call of it that a method is called as: a client
 * that the project wrote itself over the vendor's API, or one that stands in for the SDK's (`LaunchDarklyManager.BoolVariation`).
 */
export function namedAfter(
  { view, piece }: Site,
  fn: FunctionSummary,
): { readonly sdk: Sdk; readonly shape: CallShape } | undefined {
  const { cls, n } = fn;
  if (cls === null || n === null) return undefined;
  for (const sdk of sdksOf(view.summary.family)) {
    const shape = sdk.receiver.test(cls) ? (shapeOf(sdk.methods, n) ?? inAnyCase(sdk, n)) : undefined;
    if (typeof shape?.key === 'number' && keyName.test(parameterName(piece, fn, shape.key) ?? ''))
      return { sdk, shape };
  }
  return undefined;
}

/** `JsonVariation` for `JSONVariation`. */
function inAnyCase({ methods }: Sdk, called: string): CallShape | undefined {
  const plain = called.toLowerCase();
  return methods.find(({ names }) => names.some((name) => name.toLowerCase() === plain));
}
