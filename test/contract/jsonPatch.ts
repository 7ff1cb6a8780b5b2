/** RFC 6902, as far as flags are changed by it. Throws {@link PatchError}. */
export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

export class PatchError extends Error {
  constructor(
    readonly kind: 'test' | 'path',
    message: string,
  ) {
    super(message);
  }
}

type Node = Record<string, unknown> | unknown[];

/** The document after all operations; the one given stays as it is. */
export function patched<T>(document: T, operations: readonly PatchOperation[]): T {
  const copy = structuredClone(document);
  for (const operation of operations) one(copy as Node, operation);
  return copy;
}

function one(document: Node, { op, path, value }: PatchOperation): void {
  const parts = path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = parts.pop();
  let node: unknown = document;
  for (const part of parts) node = Array.isArray(node) ? node[Number(part)] : (node as Record<string, unknown>)[part];
  if (last === undefined || typeof node !== 'object' || node === null) throw new PatchError('path', `no ${path}`);
  const list = Array.isArray(node) ? node : null;
  const record = node as Record<string, unknown>;
  const there = list ? list[Number(last)] : record[last];
  switch (op) {
    case 'test':
      if (JSON.stringify(there) !== JSON.stringify(value)) throw new PatchError('test', `${path} is another`);
      return;
    case 'add':
      if (list) list.splice(last === '-' ? list.length : Number(last), 0, value);
      else record[last] = value;
      return;
    case 'replace':
    case 'remove':
      if (there === undefined) throw new PatchError('path', `no ${path}`);
      if (op === 'replace') {
        if (list) list[Number(last)] = value;
        else record[last] = value;
      } else if (list) list.splice(Number(last), 1);
      else Reflect.deleteProperty(record, last);
      return;
    default:
      throw new PatchError('path', `no operation ${op}`);
  }
}
