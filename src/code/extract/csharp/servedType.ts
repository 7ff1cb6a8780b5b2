import type { SyntaxNode as Node } from '../../syntaxTree';
import { typeName } from './typeName';

/** What `provider.GetRequiredService<T>()` gives is a T. */
const services = /^(GetRequiredService|GetService|GetRequiredKeyedService|GetKeyedService|Resolve|CreateInstance)$/;

export function servedType(value: Node | null | undefined): string | null {
  const call = value?.type === 'await_expression' ? value.firstNamedChild : value;
  const callee = call?.type === 'invocation_expression' ? call.childForFieldName('function') : null;
  const name = callee?.type === 'generic_name' ? callee : callee?.childForFieldName('name');
  if (name?.type !== 'generic_name' || !services.test(name.firstNamedChild?.text ?? '')) return null;
  return typeName(name.namedChildren.find((child) => child.type === 'type_argument_list')?.firstNamedChild);
}
