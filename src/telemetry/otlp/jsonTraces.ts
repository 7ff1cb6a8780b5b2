import { SpanDraft, spanAttributes } from './attributes';
import { maxEvaluationsPerSpan } from './bounds';
import { FlagDraft, flagAttributes, isEvaluationName } from './flagDraft';
import { readAttributes, walkSignals } from './jsonCommon';
import { JsonReader } from './jsonReader';
import { SignalCollector, type DecodedSignals, type ResourceRecord } from './record';
import { addSpan } from './spanBuilder';
import { WantedNames } from './wantedNames';

const spanMembers = new WantedNames([
  'traceId',
  'spanId',
  'parentSpanId',
  'traceState',
  'flags',
  'name',
  'kind',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'attributes',
  'events',
  'links',
  'status',
]);
const eventMembers = new WantedNames(['name', 'timeUnixNano', 'attributes']);
const linkMembers = new WantedNames(['traceId', 'spanId']);
const statusMembers = new WantedNames(['code']);

/** Decodes an OTLP/JSON ExportTraceServiceRequest; throws {@link OtlpError} when it is none. */
export function decodeJsonTraces(data: Uint8Array): DecodedSignals {
  const decoder = new SpanDecoder(new JsonReader(data));
  walkSignals(decoder.reader, { groups: 'resourceSpans', scoped: 'scopeSpans', items: 'spans' }, (resource, scope) =>
    decoder.span(resource, scope),
  );
  return decoder.collected;
}

class SpanDecoder {
  readonly collected = new SignalCollector();
  readonly reader: JsonReader;
  readonly #draft = new SpanDraft();
  readonly #setAttribute = this.#draft.set.bind(this.#draft);
  readonly #event = new FlagDraft();
  readonly #setEvent = this.#event.set.bind(this.#event);
  readonly #start = { seconds: 0, nanos: 0 };
  readonly #end = { seconds: 0, nanos: 0 };
  readonly #at = { seconds: 0, nanos: 0 };

  constructor(reader: JsonReader) {
    this.reader = reader;
  }

  span(resource: ResourceRecord, scope: string): void {
    const reader = this.reader;
    const draft = this.#draft;
    const start = this.#start;
    const end = this.#end;
    this.collected.received++;
    if (!reader.enterObject()) {
      this.collected.reject('a span is not an object');
      return;
    }
    draft.reset();
    start.seconds = start.nanos = end.seconds = end.nanos = 0;
    for (let name = reader.member(spanMembers); name !== undefined; name = reader.member(spanMembers)) {
      switch (name) {
        case 'traceId':
          draft.traceId = required(reader.id(16));
          break;
        case 'spanId':
          draft.spanId = required(reader.id(8));
          break;
        case 'parentSpanId':
          draft.parentId = reader.id(8);
          break;
        case 'traceState':
          draft.traceState = reader.text() ?? '';
          break;
        case 'flags':
          draft.flags = reader.number() ?? 0;
          break;
        case 'name':
          draft.name = reader.text() ?? '';
          break;
        case 'kind':
          draft.kind = reader.number() ?? 0;
          break;
        case 'startTimeUnixNano':
          reader.time(start);
          break;
        case 'endTimeUnixNano':
          reader.time(end);
          break;
        case 'attributes':
          readAttributes(reader, spanAttributes, this.#setAttribute);
          break;
        case 'events':
          this.#readEvents();
          break;
        case 'links':
          this.#readLinks();
          break;
        case 'status':
          draft.statusCode = readStatus(reader);
          break;
        default:
          reader.skip();
      }
    }
    draft.endMs = end.seconds * 1000 + end.nanos / 1e6;
    if (draft.endMs > 0 && (start.seconds > 0 || start.nanos > 0))
      draft.seconds = end.seconds - start.seconds + (end.nanos - start.nanos) / 1e9;
    addSpan(this.collected, resource, scope, draft);
  }

  #readEvents(): void {
    if (!this.reader.enterArray()) return;
    while (this.reader.item()) this.#readEvent();
  }

  #readLinks(): void {
    const reader = this.reader;
    if (!reader.enterArray()) return;
    while (reader.item()) {
      let traceId: string | undefined;
      let spanId: string | undefined;
      if (!reader.enterObject()) continue;
      for (let name = reader.member(linkMembers); name !== undefined; name = reader.member(linkMembers))
        if (name === 'traceId') traceId = required(reader.id(16));
        else if (name === 'spanId') spanId = required(reader.id(8));
        else reader.skip();
      this.#draft.link(traceId, spanId);
    }
  }

  /** Attributes are read of evaluations only; where they stand before the name, they are gone back to. */
  #readEvent(): void {
    const reader = this.reader;
    const at = this.#at;
    let isEvaluation = false;
    let passed = -1;
    at.seconds = at.nanos = 0;
    if (!reader.enterObject()) return;
    this.#event.reset();
    for (let name = reader.member(eventMembers); name !== undefined; name = reader.member(eventMembers)) {
      if (name === 'name') isEvaluation = isEvaluationName(reader.text() ?? '');
      else if (name === 'timeUnixNano') reader.time(at);
      else if (name === 'attributes' && isEvaluation) readAttributes(reader, flagAttributes, this.#setEvent);
      else {
        if (name === 'attributes') passed = reader.position;
        reader.skip();
      }
    }
    const { events } = this.#draft;
    if (!isEvaluation || events.length >= maxEvaluationsPerSpan) return;
    if (passed >= 0) {
      const after = reader.position;
      reader.goTo(passed);
      readAttributes(reader, flagAttributes, this.#setEvent);
      reader.goTo(after);
    }
    const { key, variant } = this.#event;
    if (key !== null) events.push({ flag: key, variant, at: at.seconds * 1000 + at.nanos / 1e6 });
  }
}

const required = (id: string | undefined): string | undefined => (id === '' ? undefined : id);

function readStatus(reader: JsonReader): number {
  let code = 0;
  if (!reader.enterObject()) return code;
  for (let name = reader.member(statusMembers); name !== undefined; name = reader.member(statusMembers))
    if (name === 'code') code = reader.number() ?? 0;
    else reader.skip();
  return code;
}
