import { resourceAttributes } from './attributes';
import type { Scalar } from './scalar';
import { cut } from './bounds';
import type { ProtobufReader } from './protobufReader';
import type { ResourceRecord } from './record';
import { resourceOf } from './resource';
import { packBytes } from './traceIds';
import type { WantedNames } from './wantedNames';

/** opentelemetry/proto/common/v1: KeyValue { key = 1, value = 2 }, AnyValue { string 1, bool 2, int 3, double 4, ... }. */
const keyField = 0x0a;
const valueField = 0x12;
const stringField = 0x0a;
const boolField = 0x10;
const intField = 0x18;
const doubleField = 0x21;

/** Reads the KeyValue field at hand; hands it on when its key is wanted and its value a scalar. */
export function readAttribute(
  reader: ProtobufReader,
  wanted: WantedNames,
  set: (key: string, value: Scalar) => void,
): void {
  const outer = reader.enter();
  let key: string | undefined;
  let value: Scalar | undefined;
  const start = reader.position;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === keyField) {
      key = reader.name(wanted);
      if (key === undefined) {
        reader.leave(outer);
        return;
      }
    } else if (tag === valueField && key !== undefined) value = readScalar(reader);
    else reader.skip(tag);
  }
  if (key !== undefined && value === undefined) {
    // The value may stand before its key.
    reader.rewind(start);
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag === valueField) value = readScalar(reader);
      else reader.skip(tag);
    }
  }
  if (key !== undefined && value !== undefined) set(key, value);
  reader.leave(outer);
}

function readScalar(reader: ProtobufReader): Scalar | undefined {
  const outer = reader.enter();
  let value: Scalar | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === stringField) value = reader.text();
    else if (tag === boolField) value = reader.varint() !== 0;
    else if (tag === intField) value = reader.signed();
    else if (tag === doubleField) value = reader.double();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return value;
}

/** resource/v1: Resource { attributes = 1 }. */
export function readResource(reader: ProtobufReader): ResourceRecord {
  const attributes = new Map<string, Scalar>();
  const outer = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) readAttribute(reader, resourceAttributes, (key, value) => attributes.set(key, value));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return resourceOf(attributes);
}

/** common/v1: InstrumentationScope { name = 1 }. */
export function readScope(reader: ProtobufReader): string {
  let name = '';
  const outer = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) name = cut(reader.text());
    else reader.skip(tag);
  }
  reader.leave(outer);
  return name;
}

/** An id field: packed, undefined when it is not `bytes` long or all zero. */
export function readId(reader: ProtobufReader, bytes: 8 | 16): string | undefined {
  const start = reader.bytes();
  return reader.position - start === bytes ? packBytes(reader.data, start, bytes) : undefined;
}

/** As {@link readId}, but '' for an empty field, which stands for none. */
export function readOptionalId(reader: ProtobufReader, bytes: 8 | 16): string | undefined {
  const start = reader.bytes();
  const length = reader.position - start;
  if (length === 0) return '';
  return length === bytes ? packBytes(reader.data, start, bytes) : undefined;
}

/**
 * Walks ResourceSpans/ResourceLogs { resource = 1, scope_x = 2 } and their ScopeX { scope = 1, items = 2 }: the shape
 * both signals share. Resource and scope may stand behind what they describe, so each message is walked twice.
 */
export function walkSignals(
  reader: ProtobufReader,
  item: (reader: ProtobufReader, resource: ResourceRecord, scope: string) => void,
): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag !== 0x0a) {
      reader.skip(tag);
      continue;
    }
    const outer = reader.enter();
    const resource = firstPass(reader, readResource) ?? resourceOf(new Map());
    for (let inner = reader.tag(); inner !== 0; inner = reader.tag()) {
      if (inner !== 0x12) {
        reader.skip(inner);
        continue;
      }
      const outerScope = reader.enter();
      const scope = firstPass(reader, readScope) ?? '';
      for (let field = reader.tag(); field !== 0; field = reader.tag()) {
        if (field === 0x12) item(reader, resource, scope);
        else reader.skip(field);
      }
      reader.leave(outerScope);
    }
    reader.leave(outer);
  }
}

/** Reads field 1 of the message at hand and goes back to its start. */
function firstPass<T>(reader: ProtobufReader, read: (reader: ProtobufReader) => T): T | undefined {
  const start = reader.position;
  let found: T | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) found = read(reader);
    else reader.skip(tag);
  }
  reader.rewind(start);
  return found;
}
