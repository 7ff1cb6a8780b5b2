import { SpanDraft, wantsSpanAttribute } from './attributes';
import { maxEvaluationsPerSpan } from './bounds';
import { FlagDraft, isEvaluationName, wantsFlagAttribute } from './flagDraft';
import {
  eachAttribute,
  idOf,
  isMembers,
  listOf,
  millisecondsOf,
  numberOf,
  optionalIdOf,
  resourceFrom,
  scopeFrom,
  textOf,
  timeOf,
  tracesSchema,
  type Members,
} from './jsonCommon';
import { parseEnvelope } from './jsonEnvelope';
import { SignalCollector, type DecodedSignals, type ResourceRecord } from './record';
import { addSpan } from './spanBuilder';

/** Decodes an OTLP/JSON ExportTraceServiceRequest; throws {@link OtlpError} when it is none. */
export function decodeJsonTraces(data: Uint8Array): DecodedSignals {
  const collected = new SignalCollector();
  const draft = new SpanDraft();
  const event = new FlagDraft();
  for (const group of parseEnvelope(data, tracesSchema).resourceSpans) {
    const resource = resourceFrom(group.resource);
    for (const scoped of listOf(group.scopeSpans)) {
      if (!isMembers(scoped)) continue;
      const scope = scopeFrom(scoped.scope);
      for (const span of listOf(scoped.spans)) {
        collected.received++;
        if (isMembers(span)) readSpan(span, resource, scope, collected, draft, event);
        else collected.reject('a span is not an object');
      }
    }
  }
  return collected;
}

function readSpan(
  span: Members,
  resource: ResourceRecord,
  scope: string,
  collected: SignalCollector,
  draft: SpanDraft,
  event: FlagDraft,
): void {
  draft.reset();
  eachAttribute(span.attributes, wantsSpanAttribute, (key, value) => draft.set(key, value));
  const { events } = draft;
  for (const item of listOf(span.events)) {
    if (!isMembers(item) || !isEvaluationName(textOf(item.name)) || events.length >= maxEvaluationsPerSpan) continue;
    event.reset();
    eachAttribute(item.attributes, wantsFlagAttribute, (key, value) => event.set(key, value));
    if (event.key !== null)
      events.push({ flag: event.key, variant: event.variant, at: millisecondsOf(timeOf(item.timeUnixNano)) });
  }
  const start = timeOf(span.startTimeUnixNano);
  const end = timeOf(span.endTimeUnixNano);
  const { status, flags, kind } = span;
  draft.traceId = idOf(span.traceId, 16);
  draft.spanId = idOf(span.spanId, 8);
  draft.parentId = optionalIdOf(span.parentSpanId, 8);
  draft.traceState = textOf(span.traceState);
  draft.flags = numberOf(flags);
  draft.name = textOf(span.name);
  draft.kind = numberOf(kind);
  draft.endMs = millisecondsOf(end);
  if (start && end) draft.seconds = end.seconds - start.seconds + (end.nanos - start.nanos) / 1e9;
  draft.statusCode = isMembers(status) ? numberOf(status.code) : 0;
  addSpan(collected, resource, scope, draft);
}
