import { SpanDraft, spanAttributes } from './attributes';
import { maxEvaluationsPerSpan } from './bounds';
import { FlagDraft, flagAttributes, isEvaluationName } from './flagDraft';
import { readAttribute, readId, readOptionalId, walkSignals } from './protobufCommon';
import { ProtobufReader } from './protobufReader';
import { SignalCollector, type DecodedSignals, type ResourceRecord } from './record';
import { addSpan } from './spanBuilder';

/** trace/v1 Span, field number * 8 + wire type. */
const field = {
  traceId: 0x0a,
  spanId: 0x12,
  traceState: 0x1a,
  parentSpanId: 0x22,
  name: 0x2a,
  kind: 0x30,
  start: 0x39,
  end: 0x41,
  attribute: 0x4a,
  event: 0x5a,
  link: 0x6a,
  status: 0x7a,
  flags: 0x85,
} as const;

/** Decodes an ExportTraceServiceRequest; throws {@link OtlpError} when it is none. */
export function decodeProtobufTraces(data: Uint8Array): DecodedSignals {
  const decoder = new SpanDecoder();
  walkSignals(new ProtobufReader(data), (reader, resource, scope) => decoder.span(reader, resource, scope));
  return decoder.collected;
}

class SpanDecoder {
  readonly collected = new SignalCollector();
  readonly #draft = new SpanDraft();
  readonly #setAttribute = this.#draft.set.bind(this.#draft);
  readonly #event = new FlagDraft();
  readonly #setEvent = this.#event.set.bind(this.#event);

  span(reader: ProtobufReader, resource: ResourceRecord, scope: string): void {
    const draft = this.#draft;
    draft.reset();
    let start = -1;
    let end = -1;
    const outer = reader.enter();
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      switch (tag) {
        case field.traceId:
          draft.traceId = readId(reader, 16);
          break;
        case field.spanId:
          draft.spanId = readId(reader, 8);
          break;
        case field.parentSpanId:
          draft.parentId = readOptionalId(reader, 8);
          break;
        case field.traceState:
          draft.traceState = reader.text();
          break;
        case field.name:
          draft.name = reader.text();
          break;
        case field.kind:
          draft.kind = reader.varint();
          break;
        case field.start:
          start = reader.fixed64();
          break;
        case field.end:
          end = reader.fixed64();
          break;
        case field.attribute:
          readAttribute(reader, spanAttributes, this.#setAttribute);
          break;
        case field.event:
          this.#readEvent(reader);
          break;
        case field.link:
          this.#readLink(reader);
          break;
        case field.status:
          draft.statusCode = readStatus(reader);
          break;
        case field.flags:
          draft.flags = reader.fixed32();
          break;
        default:
          reader.skip(tag);
      }
    }
    reader.leave(outer);
    if (end >= 0) draft.endMs = reader.millisecondsAt(end);
    if (start >= 0 && end >= 0 && reader.millisecondsAt(start) > 0) draft.seconds = reader.secondsBetween(start, end);
    this.collected.received++;
    addSpan(this.collected, resource, scope, draft);
  }

  /** Span.Link { trace_id = 1, span_id = 2 }; its attributes are never read. */
  #readLink(reader: ProtobufReader): void {
    const outer = reader.enter();
    let traceId: string | undefined;
    let spanId: string | undefined;
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag === 0x0a) traceId = readId(reader, 16);
      else if (tag === 0x12) spanId = readId(reader, 8);
      else reader.skip(tag);
    }
    reader.leave(outer);
    this.#draft.link(traceId, spanId);
  }

  /** Span.Event { time = 1, name = 2, attributes = 3 }; attributes are read only of evaluations. */
  #readEvent(reader: ProtobufReader): void {
    const outer = reader.enter();
    const start = reader.position;
    let name = '';
    let at = 0;
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag === 0x12) name = reader.text();
      else if (tag === 0x09) at = reader.millisecondsAt(reader.fixed64());
      else reader.skip(tag);
    }
    const { events } = this.#draft;
    if (isEvaluationName(name) && events.length < maxEvaluationsPerSpan) {
      this.#event.reset();
      reader.rewind(start);
      for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
        if (tag === 0x1a) readAttribute(reader, flagAttributes, this.#setEvent);
        else reader.skip(tag);
      }
      if (this.#event.key !== null) events.push({ flag: this.#event.key, variant: this.#event.variant, at });
    }
    reader.leave(outer);
  }
}

/** Status { code = 3 }; its message is never read. */
function readStatus(reader: ProtobufReader): number {
  let code = 0;
  const outer = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x18) code = reader.varint();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return code;
}
