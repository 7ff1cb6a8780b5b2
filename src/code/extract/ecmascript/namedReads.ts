import { saysFlag } from '../../flagNames';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { expression } from './expressions';

/** A read of a property of what by its name holds all flags: `flags.x`, `props.featureFlags['x']`, `flags[KEY]`. */
export function readNamed(draft: Draft, node: Node): void {
  const object = node.childForFieldName('object');
  const named = object?.type === 'member_expression' ? object.childForFieldName('property') : object;
  if (!object || (named?.type !== 'identifier' && named?.type !== 'property_identifier')) return;
  const name = draft.textOf(named);
  if (!saysFlag(name)) return;
  const e = expression(draft, node);
  const read = {
    o: name,
    end: draft.span(node)[1],
    f: draft.fn,
    ...(object !== named && { e: expression(draft, object) }),
  };
  if (e.k === 'mem') draft.reads.push({ ...read, n: e.n, at: e.at });
  const index = node.childForFieldName('index');
  const key = e.k === 'mem' ? e : expression(draft, index);
  if (index && (key.k === 'id' || key.k === 'tpl' || (key.k === 'mem' && e.k !== 'mem')))
    draft.reads.push({ ...read, n: '', at: draft.at(index), key });
}
