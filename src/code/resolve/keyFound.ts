import type { Expr, FunctionSummary } from '../summary';
import type { Site, Value } from './value';

/** What names the flag at a call. `at` is where its token starts, in the call's piece. */
export type KeyFound =
  | {
      readonly k: 'key';
      readonly key: string;
      readonly via: 'literal' | 'constant' | 'property' | 'enum';
      readonly at: number;
      readonly e: Expr;
      readonly text: Extract<Value, { k: 'text' }> | null;
    }
  /** `own`: what of the object that is asked holds the key, where that alone tells it: `key` of `this.key`. */
  | { readonly k: 'pattern'; readonly pattern: string; readonly at: number; readonly own?: string }
  | {
      readonly k: 'parameter';
      readonly fn: FunctionSummary;
      readonly site: Site;
      readonly index: number;
      readonly property: string | null;
      readonly prefix: string;
      readonly suffix: string;
      readonly at: number;
      readonly e: Expr;
    };
