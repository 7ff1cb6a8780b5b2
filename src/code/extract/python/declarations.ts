import type { Declaration } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { parts } from './expressions';
import { typeName } from './typeName';

type Binding = Pick<Declaration, 'kind' | 'scope'> & Partial<Pick<Declaration, 'e' | 't'>>;

/** Declares what is assigned to; names taken out of a sequence hide others, but their value is not followed. */
export function declareTarget(draft: Draft, target: Node | null | undefined, binding: Binding): void {
  if (!target) return;
  if (target.type === 'identifier') {
    draft.decls.push({ n: draft.textOf(target), at: draft.at(target), ...binding });
  } else if (/^(pattern_list|tuple_pattern|list_pattern|tuple|list_splat_pattern)$/.test(target.type)) {
    for (const part of target.descendantsOfType(['identifier']))
      draft.decls.push({ n: draft.textOf(part), kind: 'let', at: draft.at(part), scope: binding.scope });
  }
}

/**
 * Parameters of a function or lambda; the object of a method is none that a call gives, and is answered by its name.
 */
export function declareParameters(draft: Draft, fn: Node, index: number, isMethod: boolean): string | null {
  const list = fn.childForFieldName('parameters');
  const scope = draft.span(fn);
  let self: string | null = null;
  let i = 0;
  for (const [at, parameter] of (list ? parts(list) : []).entries()) {
    const name =
      parameter.type === 'identifier' ? parameter : (parameter.childForFieldName('name') ?? parameter.firstNamedChild);
    if (name?.type !== 'identifier') continue;
    const n = draft.textOf(name);
    if (isMethod && at === 0) {
      self = n;
      continue;
    }
    const splat = parameter.type.includes('splat');
    const t = splat ? null : typeName(parameter.childForFieldName('type'));
    draft.decls.push(
      splat
        ? { n, kind: 'let', scope, at: draft.at(name) }
        : { n, kind: 'param', scope, at: draft.at(name), f: index, i: i++, ...(t !== null && { t }) },
    );
  }
  return self;
}

/** What `a = b = value` gives both. */
export function lastValue(assignment: Node): Node | null {
  let at: Node | null = assignment;
  for (let i = 0; at?.type === 'assignment' && i < 20; i++) at = at.childForFieldName('right');
  return at;
}

/** `f = lambda …` is called by the variable's name. */
export function nameLambda(draft: Draft, lambda: Node, n: string, head: number): void {
  draft.functionAt(lambda, null, { n, q: draft.qualified(n), head, cls: null, method: false, owners: [], deco: [] });
}
