import { create, createFileRegistry, fromBinary, toBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';

/**
 * The messages of open-telemetry/opentelemetry-proto that a trace, log or metrics export consists of, described field by
 * field, so that another implementation of protobuf can write what ours reads. `*` = repeated.
 */
const messages: Record<string, Record<string, readonly [number, string]>> = {
  AnyValue: {
    stringValue: [1, 'string'],
    boolValue: [2, 'bool'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
    arrayValue: [5, 'ArrayValue'],
    kvlistValue: [6, 'KeyValueList'],
    bytesValue: [7, 'bytes'],
  },
  ArrayValue: { values: [1, '*AnyValue'] },
  KeyValueList: { values: [1, '*KeyValue'] },
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
  InstrumentationScope: { name: [1, 'string'], version: [2, 'string'], attributes: [3, '*KeyValue'] },
  Resource: { attributes: [1, '*KeyValue'], droppedAttributesCount: [2, 'uint32'] },
  Event: { timeUnixNano: [1, 'fixed64'], name: [2, 'string'], attributes: [3, '*KeyValue'] },
  Link: { traceId: [1, 'bytes'], spanId: [2, 'bytes'], traceState: [3, 'string'], attributes: [4, '*KeyValue'] },
  Status: { message: [2, 'string'], code: [3, 'int32'] },
  Span: {
    traceId: [1, 'bytes'],
    spanId: [2, 'bytes'],
    traceState: [3, 'string'],
    parentSpanId: [4, 'bytes'],
    name: [5, 'string'],
    kind: [6, 'int32'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    attributes: [9, '*KeyValue'],
    droppedAttributesCount: [10, 'uint32'],
    events: [11, '*Event'],
    links: [13, '*Link'],
    status: [15, 'Status'],
    flags: [16, 'fixed32'],
  },
  ScopeSpans: { scope: [1, 'InstrumentationScope'], spans: [2, '*Span'], schemaUrl: [3, 'string'] },
  ResourceSpans: { resource: [1, 'Resource'], scopeSpans: [2, '*ScopeSpans'], schemaUrl: [3, 'string'] },
  TracesRequest: { resourceSpans: [1, '*ResourceSpans'] },
  LogRecord: {
    timeUnixNano: [1, 'fixed64'],
    severityNumber: [2, 'int32'],
    severityText: [3, 'string'],
    body: [5, 'AnyValue'],
    attributes: [6, '*KeyValue'],
    flags: [8, 'fixed32'],
    traceId: [9, 'bytes'],
    spanId: [10, 'bytes'],
    observedTimeUnixNano: [11, 'fixed64'],
    eventName: [12, 'string'],
  },
  ScopeLogs: { scope: [1, 'InstrumentationScope'], logRecords: [2, '*LogRecord'] },
  ResourceLogs: { resource: [1, 'Resource'], scopeLogs: [2, '*ScopeLogs'] },
  LogsRequest: { resourceLogs: [1, '*ResourceLogs'] },
  NumberDataPoint: { startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'], asDouble: [4, 'double'] },
  Gauge: { dataPoints: [1, '*NumberDataPoint'] },
  Sum: { dataPoints: [1, '*NumberDataPoint'], aggregationTemporality: [2, 'int32'] },
  Metric: { name: [1, 'string'], gauge: [5, 'Gauge'], sum: [7, 'Sum'] },
  ScopeMetrics: { scope: [1, 'InstrumentationScope'], metrics: [2, '*Metric'] },
  ResourceMetrics: { resource: [1, 'Resource'], scopeMetrics: [2, '*ScopeMetrics'] },
  MetricsRequest: { resourceMetrics: [1, '*ResourceMetrics'] },
  PartialSuccess: { rejected: [1, 'int64'], errorMessage: [2, 'string'] },
  ExportResponse: { partialSuccess: [1, 'PartialSuccess'] },
  RpcStatus: { code: [1, 'int32'], message: [2, 'string'] },
};

const scalars: Record<string, Type> = {
  string: Type.STRING,
  bool: Type.BOOL,
  int64: Type.INT64,
  int32: Type.INT32,
  uint32: Type.UINT32,
  double: Type.DOUBLE,
  bytes: Type.BYTES,
  fixed64: Type.FIXED64,
  fixed32: Type.FIXED32,
};

const file = create(FileDescriptorProtoSchema, {
  name: 'otlp.proto',
  package: 'otlp',
  syntax: 'proto3',
  messageType: Object.entries(messages).map(([name, fields]) => ({
    name,
    // AnyValue's members are a oneof: written even when they are nought. `optional` comes to the same on the wire.
    oneofDecl: name === 'AnyValue' ? Object.keys(fields).map((field) => ({ name: `_${field}` })) : [],
    field: Object.entries(fields).map(([field, [number, wire]], index) => {
      const type = wire.replace('*', '');
      const scalar = scalars[type];
      return {
        name: field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        jsonName: field,
        number,
        label: wire.startsWith('*') ? Label.REPEATED : Label.OPTIONAL,
        type: scalar ?? Type.MESSAGE,
        ...(name === 'AnyValue' ? { proto3Optional: true, oneofIndex: index } : {}),
        ...(scalar === undefined ? { typeName: `.otlp.${type}` } : {}),
      };
    }),
  })),
});
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));

function descriptor(name: string): DescMessage {
  const found = registry.getMessage(`otlp.${name}`);
  if (!found) throw new Error(`No message ${name}`);
  return found;
}

export type Loose = Readonly<Record<string, unknown>>;

/** Writes a message; bytes as Uint8Array, 64-bit numbers as bigint. */
export function encode(name: string, value: Loose): Uint8Array {
  const desc = descriptor(name);
  return toBinary(desc, create(desc, value as never));
}

export function decode(name: string, data: Uint8Array): Message & Loose {
  return fromBinary(descriptor(name), data);
}

const hex = (data: Uint8Array): string => [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The same message as OTLP/JSON: ids in hex, 64-bit numbers as strings. */
export function toOtlpJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(toOtlpJson);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toOtlpJson(member)]));
  return value;
}

export const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(toOtlpJson(value)));

export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16));

export const attribute = (key: string, value: string | number | boolean): Loose => ({
  key,
  value:
    typeof value === 'string'
      ? { stringValue: value }
      : typeof value === 'boolean'
        ? { boolValue: value }
        : Number.isSafeInteger(value)
          ? { intValue: BigInt(value) }
          : { doubleValue: value },
});

export const attributes = (from: Readonly<Record<string, string | number | boolean>>): Loose[] =>
  Object.entries(from).map(([key, value]) => attribute(key, value));
