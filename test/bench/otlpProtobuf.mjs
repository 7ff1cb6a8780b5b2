// OTLP trace exports as protobuf, which is what OpenTelemetry SDKs send unless told otherwise, written and read by
// @bufbuild/protobuf from a description of the messages (open-telemetry/opentelemetry-proto). `*` = repeated.
import { create, createFileRegistry, fromBinary, fromJson, toBinary } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';

const messages = {
  AnyValue: { stringValue: [1, 'STRING'], boolValue: [2, 'BOOL'], intValue: [3, 'INT64'], doubleValue: [4, 'DOUBLE'] },
  KeyValue: { key: [1, 'STRING'], value: [2, 'AnyValue'] },
  InstrumentationScope: { name: [1, 'STRING'], version: [2, 'STRING'] },
  Resource: { attributes: [1, '*KeyValue'] },
  Event: { timeUnixNano: [1, 'FIXED64'], name: [2, 'STRING'], attributes: [3, '*KeyValue'] },
  Status: { message: [2, 'STRING'], code: [3, 'INT32'] },
  Span: {
    traceId: [1, 'BYTES'],
    spanId: [2, 'BYTES'],
    traceState: [3, 'STRING'],
    parentSpanId: [4, 'BYTES'],
    name: [5, 'STRING'],
    kind: [6, 'INT32'],
    startTimeUnixNano: [7, 'FIXED64'],
    endTimeUnixNano: [8, 'FIXED64'],
    attributes: [9, '*KeyValue'],
    events: [11, '*Event'],
    status: [15, 'Status'],
    flags: [16, 'FIXED32'],
  },
  ScopeSpans: { scope: [1, 'InstrumentationScope'], spans: [2, '*Span'] },
  ResourceSpans: { resource: [1, 'Resource'], scopeSpans: [2, '*ScopeSpans'] },
  TracesRequest: { resourceSpans: [1, '*ResourceSpans'] },
};

const file = create(FileDescriptorProtoSchema, {
  name: 'otlp.proto',
  package: 'otlp',
  syntax: 'proto3',
  messageType: Object.entries(messages).map(([name, fields]) => ({
    name,
    oneofDecl: name === 'AnyValue' ? Object.keys(fields).map((field) => ({ name: `_${field}` })) : [],
    field: Object.entries(fields).map(([field, [number, wire]], index) => {
      const type = wire.replace('*', '');
      const isMessage = type in messages;
      return {
        name: field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        jsonName: field,
        number,
        label: wire.startsWith('*') ? Label.REPEATED : Label.OPTIONAL,
        type: isMessage ? Type.MESSAGE : Type[type],
        ...(isMessage ? { typeName: `.otlp.${type}` } : {}),
        ...(name === 'AnyValue' ? { proto3Optional: true, oneofIndex: index } : {}),
      };
    }),
  })),
});
const request = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getMessage('otlp.TracesRequest');

const base64 = (hex) => Buffer.from(hex, 'hex').toString('base64');

/** What differs between OTLP/JSON and protobuf's own JSON: ids are hex in the one and base64 in the other. */
function withBase64Ids({ resourceSpans }) {
  const spanOf = ({ traceId, spanId, parentSpanId, ...rest }) => ({
    ...rest,
    traceId: base64(traceId),
    spanId: base64(spanId),
    ...(parentSpanId === undefined ? {} : { parentSpanId: base64(parentSpanId) }),
  });
  return {
    resourceSpans: resourceSpans.map(({ scopeSpans, ...group }) => ({
      ...group,
      scopeSpans: scopeSpans.map(({ spans, ...scoped }) => ({ ...scoped, spans: spans.map(spanOf) })),
    })),
  };
}

/** The bytes of an export request given in OTLP/JSON's shape. */
export const protobufOf = (traces) => Buffer.from(toBinary(request, fromJson(request, withBase64Ids(traces))));

/** What a receiver gets that leaves decoding to the library. */
export const readProtobuf = (data) => fromBinary(request, data);
