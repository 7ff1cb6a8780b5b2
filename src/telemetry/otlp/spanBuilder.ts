import type { SpanDraft } from './attributes';
import { cut, maxNameLength } from './bounds';
import { isEvaluationSpanName } from './flagDraft';
import { outcomeOf } from './outcome';
import { cleanRoute, cleanSpanName } from './spanNames';
import { spanKinds, type EvaluationRecord, type ResourceRecord, type SignalCollector, type SpanKind } from './record';

/** Bits of Span.flags: whether the sender says where the parent ran, and that it ran elsewhere (opentelemetry-proto, SpanFlags). */
const hasIsRemote = 0x100;
const isRemote = 0x200;

/** W3C tracestate of a sender that samples: `ot=th:<threshold>`, where `th:0` keeps everything. */
const sampledState = /(^|,)\s*ot=([^,]*;)?th:(?!0+(;|,|$))/;

const kindOf = (wire: number): SpanKind => spanKinds[wire - 1] ?? 'internal';

/** Judges a span and adds it with its evaluations to the request's records, or counts it as rejected. */
export function addSpan(into: SignalCollector, resource: ResourceRecord, scope: string, draft: SpanDraft): void {
  const { traceId, spanId, parentId } = draft;
  if (traceId === undefined) {
    into.reject('a trace id is not 16 bytes or all zero');
    return;
  }
  if (spanId === undefined) {
    into.reject('a span id is not 8 bytes or all zero');
    return;
  }
  if (parentId === undefined) {
    into.reject('a parent span id is not 8 bytes or all zero');
    return;
  }
  if (!(draft.endMs > 0) || !(draft.seconds >= 0)) {
    into.reject('a span ends before it starts or has no times');
    return;
  }

  const name = cut(draft.name);
  const ownFlag = isEvaluationSpanName(name) ? draft.flag.key : null;
  const { error, refused } = outcomeOf(draft.statusCode, draft.httpStatus, draft.grpcStatus);
  const kind = kindOf(draft.kind);
  const httpRoute = draft.httpRoute === null ? null : cleanRoute(draft.httpRoute);
  into.spans.push({
    resource,
    scope,
    traceId,
    spanId,
    parentId,
    parentRemote: (draft.flags & hasIsRemote) === 0 ? undefined : (draft.flags & isRemote) !== 0,
    kind,
    name: cleanSpanName(name, draft.httpRoute),
    endMs: draft.endMs,
    seconds: draft.seconds,
    error,
    refused,
    httpMethod: draft.httpMethod,
    httpRoute,
    codeFunction: draft.qualifiedFunction(),
    codeFile: draft.codeFile,
    codeLine: draft.codeLine,
    isEvaluation: ownFlag !== null,
    links: kind === 'consumer' && draft.links.length > 0 ? [...draft.links] : undefined,
    sampled: draft.traceState !== '' && sampledState.test(draft.traceState),
  });
  if (ownFlag === null && draft.sentryFlags.length === 0 && draft.events.length === 0) return;
  const evaluated = (flag: string, variant: string, at: number): EvaluationRecord => ({
    resource,
    traceId,
    spanId,
    flag,
    variant,
    at,
  });
  const { endMs } = draft;
  if (ownFlag !== null) into.evaluations.push(evaluated(ownFlag, draft.flag.variant, endMs));
  for (const { key, variant } of draft.sentryFlags)
    if (key !== '' && key.length <= maxNameLength) into.evaluations.push(evaluated(key, variant, endMs));
  for (const { flag, variant, at } of draft.events)
    into.evaluations.push(evaluated(flag, variant, at > 0 ? at : endMs));
}
