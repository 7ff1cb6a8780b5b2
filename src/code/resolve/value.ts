import type { SdkPackage } from '../sdks/table';
import type { CallShape, EvaluatedOn } from '../sdks/callShape';
import type { Call, ClassSummary, Expr, FunctionSummary, Piece } from '../summary';
import type { FileView } from './view';

/** Where an expression stands: names in it mean what they mean there. */
export interface Site {
  readonly view: FileView;
  readonly piece: Piece;
}

/** Whose flags an object holds; without an SDK where only names tell. */
export interface BagOrigin {
  readonly sdk: string | null;
  readonly name: string;
  readonly evaluatedOn: EvaluatedOn;
}

/** Which function of the project a call calls. */
export interface CallOfFunction {
  readonly site: Site;
  readonly call: Call;
  readonly fn: FunctionSummary;
}

/** What an expression was found to be, as far as flags need it. */
export type Value =
  /** `via` says how the string was reached from the expression asked about. */
  | {
      readonly k: 'text';
      readonly v: string;
      readonly site: Site;
      readonly at: number;
      readonly via: 'literal' | 'constant' | 'property' | 'enum';
    }
  /** A name of an SDK package (`*`, `default` for the package itself). */
  | { readonly k: 'sdk'; readonly pkg: SdkPackage; readonly name: string }
  | { readonly k: 'client'; readonly pkg: SdkPackage }
  /** A method of the client that hands out a client or a bag when called. */
  | { readonly k: 'maker'; readonly pkg: SdkPackage; readonly makes: 'client' | 'bag' }
  /** All flags as one object. */
  | { readonly k: 'bag'; readonly origin: BagOrigin; readonly camelCased: boolean }
  | { readonly k: 'method'; readonly pkg: SdkPackage; readonly shape: CallShape; readonly name: string }
  | { readonly k: 'function'; readonly site: Site; readonly fn: FunctionSummary }
  | { readonly k: 'list'; readonly site: Site; readonly e: Extract<Expr, { k: 'arr' }> }
  /** `by`: the call of the project's function that returned the object. */
  | {
      readonly k: 'object';
      readonly site: Site;
      readonly e: Extract<Expr, { k: 'obj' }>;
      readonly isEnum: boolean;
      readonly by?: CallOfFunction;
    }
  /** `given`: the call that made the instance, and that of the project's function in which it stands. */
  | {
      readonly k: 'class' | 'instance';
      readonly site: Site;
      readonly cls: ClassSummary;
      readonly given?: { readonly site: Site; readonly call: Call; readonly by?: CallOfFunction };
    }
  | { readonly k: 'module'; readonly view: FileView }
  /** A name of a package that is no flag SDK, and what calling or instantiating it gives. */
  | { readonly k: 'package' | 'made'; readonly module: string; readonly name: string }
  | { readonly k: 'typed'; readonly type: string }
  | {
      readonly k: 'parameter';
      readonly site: Site;
      readonly fn: FunctionSummary;
      readonly index: number;
      readonly property: string | null;
      readonly type: string | null;
    }
  | { readonly k: 'template'; readonly strings: readonly string[]; readonly values: readonly Value[] }
  | { readonly k: 'choice'; readonly a: Value; readonly b: Value }
  | { readonly k: 'nothing' };

/** What an enum's case is asked for to give the text that it stands for. */
export const enumValues: ReadonlySet<string> = new Set(['value', 'rawValue']);

export const nothing: Value = { k: 'nothing' };
