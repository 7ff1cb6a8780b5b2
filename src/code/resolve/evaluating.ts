import type { SdkPackage } from '../sdks/table';
import type { Declaration, Expr, Member } from '../summary';
import type { Site, Value } from './value';
import type { FileView, In } from './view';

type Instance = Extract<Value, { k: 'instance' | 'class' }>;

/** What the parts of the evaluation ask of the whole: each follows one kind of name and hands the rest back. */
export interface Evaluating {
  /** Files whose content the answers depend on. */
  readonly consulted: Set<string>;
  evaluate(site: Site, e: Expr | undefined, depth?: number): Value;
  /** A name that another file of the same package declares. */
  shared(view: FileView, name: string, depth: number): Value;
  declared(view: FileView, found: In<Declaration>, depth?: number): Value;
  member(value: Value, name: string, depth?: number): Value;
  readonly members: {
    own(view: FileView, className: string, name: string): { view: FileView; found: In<Member> } | undefined;
    of(site: Site, className: string, name: string, depth: number): Value;
  };
  readonly fields: {
    got(site: Site, asked: Extract<Expr, { k: 'mem' }>, depth: number): Value;
    given(instance: Instance, name: string, depth: number): Value;
    made(site: Site, e: Expr | undefined, typed: Value, depth: number): Value;
  };
  readonly imports: {
    imported(view: FileView, specifier: string, name: string, depth?: number): Value;
    starred(view: FileView, name: string, depth: number): Value;
    sdk(view: FileView, specifier: string): SdkPackage | undefined;
  };
  readonly visible: {
    within(view: FileView, name: string, namespace: string | null): Value;
  };
  readonly rust: {
    inside(view: FileView, specifier: string, name: string, depth: number): Value;
    textOf(variant: Value, method: string | null, depth: number): Value;
  };
  readonly types: {
    typed(view: FileView, type: string, depth?: number): Value;
  };
}
