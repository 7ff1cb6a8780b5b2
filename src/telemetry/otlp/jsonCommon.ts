import { resourceAttributes } from './attributes';
import type { Scalar } from './scalar';
import { cut } from './bounds';
import type { JsonReader } from './jsonReader';
import { OtlpError, type ResourceRecord } from './record';
import { resourceOf } from './resource';
import { WantedNames } from './wantedNames';

/**
 * OTLP/JSON (opentelemetry-proto docs/specification.md): lowerCamelCase, ids in hex, enums as integers, 64-bit numbers
 * as strings or numbers, unknown members ignored. Members may stand in any order: what has to be known before its
 * neighbours can be read is looked for first, or gone back to.
 */
const attributeMembers = new WantedNames(['key', 'value']);
const valueMembers = new WantedNames(['stringValue', 'boolValue', 'intValue', 'doubleValue']);
const attributesOnly = new WantedNames(['attributes']);
const nameOnly = new WantedNames(['name']);

/** Reads a list of KeyValue; hands on those whose key is wanted and whose value is a scalar. */
export function readAttributes(
  reader: JsonReader,
  wanted: WantedNames,
  set: (key: string, value: Scalar) => void,
): void {
  if (!reader.enterArray()) return;
  while (reader.item()) {
    const start = reader.position;
    if (readUsual(reader, wanted, set)) continue;
    reader.goTo(start);
    readAttribute(reader, wanted, set);
  }
}

const [keyFirst, thenText, thenInteger, closing] = [
  '{"key":',
  ',"value":{"stringValue":',
  ',"value":{"intValue":',
  '}}',
].map((text) => new TextEncoder().encode(text)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

/** An attribute written as most are, without spaces and its key first; false for any other, which is then read anew. */
function readUsual(reader: JsonReader, wanted: WantedNames, set: (key: string, value: Scalar) => void): boolean {
  if (!reader.takes(keyFirst)) return false;
  const key = reader.name(wanted);
  let value: Scalar | undefined;
  if (reader.takes(thenText)) {
    if (key === undefined) reader.skip();
    else value = reader.text();
  } else if (!reader.takes(thenInteger)) return false;
  else if (key === undefined) reader.skip();
  else value = reader.number();
  if (!reader.takes(closing)) return false;
  if (key !== undefined && value !== undefined) set(key, value);
  return true;
}

function readAttribute(reader: JsonReader, wanted: WantedNames, set: (key: string, value: Scalar) => void): void {
  if (!reader.enterObject()) return;
  let key: string | undefined;
  let value: Scalar | undefined;
  let valueAt = -1;
  for (let name = reader.member(attributeMembers); name !== undefined; name = reader.member(attributeMembers)) {
    if (name === 'key') key = reader.name(wanted);
    else if (name === 'value' && key !== undefined) value = readScalar(reader);
    else {
      if (name === 'value') valueAt = reader.position;
      reader.skip();
    }
  }
  if (key === undefined) return;
  if (value === undefined && valueAt >= 0) {
    const after = reader.position;
    reader.goTo(valueAt);
    value = readScalar(reader);
    reader.goTo(after);
  }
  if (value !== undefined) set(key, value);
}

/** AnyValue: a text, a boolean or a number; undefined for arrays, maps and bytes, which are never looked at. */
function readScalar(reader: JsonReader): Scalar | undefined {
  if (!reader.enterObject()) return undefined;
  let value: Scalar | undefined;
  for (let name = reader.member(valueMembers); name !== undefined; name = reader.member(valueMembers)) {
    if (name === 'stringValue') value = reader.text() ?? value;
    else if (name === 'boolValue') value = reader.boolean() ?? value;
    else if (name === '') reader.skip();
    else value = reader.number() ?? value;
  }
  return value;
}

function readResource(reader: JsonReader): ResourceRecord {
  const attributes = new Map<string, Scalar>();
  if (reader.enterObject())
    for (let name = reader.member(attributesOnly); name !== undefined; name = reader.member(attributesOnly))
      if (name === '') reader.skip();
      else readAttributes(reader, resourceAttributes, (key, value) => attributes.set(key, value));
  return resourceOf(attributes);
}

function readScope(reader: JsonReader): string {
  let scope = '';
  if (reader.enterObject())
    for (let name = reader.member(nameOnly); name !== undefined; name = reader.member(nameOnly))
      if (name === '') reader.skip();
      else scope = cut(reader.text() ?? '');
  return scope;
}

/** What the lists of a signal are called: `resourceSpans`, `scopeSpans`, `spans`. */
export interface SignalNames {
  readonly groups: string;
  readonly scoped: string;
  readonly items: string;
}

/**
 * Walks a request down to its items, each of which `item` has to read. A request or a group that is no object makes
 * the whole request bad; of lists below, what is no object is left out.
 */
export function walkSignals(
  reader: JsonReader,
  names: SignalNames,
  item: (resource: ResourceRecord, scope: string) => void,
): void {
  const groupsOnly = new WantedNames([names.groups]);
  const groupMembers = new WantedNames(['resource', names.scoped]);
  const scopedMembers = new WantedNames(['scope', names.items]);
  if (!reader.enterObject()) throw new OtlpError('The body is not an OTLP request: it is no object');
  for (let name = reader.member(groupsOnly); name !== undefined; name = reader.member(groupsOnly)) {
    if (name === '') {
      reader.skip();
      continue;
    }
    if (!reader.enterArray()) throw new OtlpError(`The body is not an OTLP request: ${names.groups} is no list`);
    while (reader.item()) {
      const isObject = eachDescribed(reader, groupMembers, 'resource', readResource, (resource) =>
        eachDescribed(reader, scopedMembers, 'scope', readScope, (scope = '') => item(resource ?? unnamed, scope)),
      );
      if (!isObject) throw new OtlpError(`The body is not an OTLP request: an item of ${names.groups} is no object`);
    }
  }
  reader.end();
}

const unnamed = resourceOf(new Map());

/**
 * Reads an object with a member that describes the items of its list. Where the list stands first, it is gone back
 * to. False when there is no object.
 */
function eachDescribed<T>(
  reader: JsonReader,
  members: WantedNames,
  describing: string,
  read: (reader: JsonReader) => T,
  item: (described: T | undefined) => void,
): boolean {
  let described: T | undefined;
  const passed: number[] = [];
  const readList = (): void => {
    if (!reader.enterArray()) return;
    while (reader.item()) item(described);
  };
  if (!reader.enterObject()) return false;
  for (let name = reader.member(members); name !== undefined; name = reader.member(members)) {
    if (name === describing) described = read(reader);
    else if (name !== '' && described !== undefined) readList();
    else {
      if (name !== '') passed.push(reader.position);
      reader.skip();
    }
  }
  const after = reader.position;
  for (const position of passed) {
    reader.goTo(position);
    readList();
  }
  reader.goTo(after);
  return true;
}
