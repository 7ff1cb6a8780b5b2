import type { SpanDraft } from './attributes';
import { cut, maxNameLength } from './bounds';
import { isEvaluationSpanName } from './flagDraft';
import { outcomeOf } from './outcome';
import { cleanRoute, cleanSpanName } from './spanNames';
import { spanKinds, type EvaluationRecord, type ResourceRecord, type SignalCollector, type SpanKind } from './record';

/** A span as it stands on the wire, in either encoding; ids packed, undefined when invalid. */
export interface WireSpan {
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** '' without a parent, undefined when it is there and invalid. */
  readonly parentId: string | undefined;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly endMs: number;
  /** Not a number when either end is missing. */
  readonly seconds: number;
  readonly statusCode: number;
}

/** Bits of Span.flags: whether the sender says where the parent ran, and that it ran elsewhere (opentelemetry-proto, SpanFlags). */
const hasIsRemote = 0x100;
const isRemote = 0x200;

/** W3C tracestate of a sender that samples: `ot=th:<threshold>`, where `th:0` keeps everything. */
const sampledState = /(^|,)\s*ot=([^,]*;)?th:(?!0+(;|,|$))/;

const kindOf = (wire: number): SpanKind => spanKinds[wire - 1] ?? 'internal';

/** Judges a span and adds it with its evaluations to the request's records, or counts it as rejected. */
export function addSpan(
  into: SignalCollector,
  resource: ResourceRecord,
  scope: string,
  wire: WireSpan,
  draft: SpanDraft,
  events: readonly { readonly flag: string; readonly variant: string; readonly at: number }[],
): void {
  const { traceId, spanId, parentId } = wire;
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
  if (!(wire.endMs > 0) || !(wire.seconds >= 0)) {
    into.reject('a span ends before it starts or has no times');
    return;
  }

  const name = cut(wire.name);
  const ownFlag = isEvaluationSpanName(name) ? draft.flag.key : null;
  const { error, refused } = outcomeOf(wire.statusCode, draft.httpStatus, draft.grpcStatus);
  const httpRoute = draft.httpRoute === null ? null : cleanRoute(draft.httpRoute);
  into.spans.push({
    resource,
    scope,
    traceId,
    spanId,
    parentId,
    parentRemote: (wire.flags & hasIsRemote) === 0 ? undefined : (wire.flags & isRemote) !== 0,
    kind: kindOf(wire.kind),
    name: cleanSpanName(name, draft.httpRoute),
    endMs: wire.endMs,
    seconds: wire.seconds,
    error,
    refused,
    httpMethod: draft.httpMethod,
    httpRoute,
    codeFunction: draft.qualifiedFunction(),
    codeFile: draft.codeFile,
    codeLine: draft.codeLine,
    isEvaluation: ownFlag !== null,
    sampled: wire.traceState !== '' && sampledState.test(wire.traceState),
  });
  const evaluated = (flag: string, variant: string, at: number): EvaluationRecord => ({
    resource,
    traceId,
    spanId,
    flag,
    variant,
    at,
  });
  if (ownFlag !== null) into.evaluations.push(evaluated(ownFlag, draft.flag.variant, wire.endMs));
  for (const { key, variant } of draft.sentryFlags)
    if (key !== '' && key.length <= maxNameLength) into.evaluations.push(evaluated(key, variant, wire.endMs));
  for (const { flag, variant, at } of events) into.evaluations.push(evaluated(flag, variant, at > 0 ? at : wire.endMs));
}
