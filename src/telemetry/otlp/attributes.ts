import { cut, maxLinksPerSpan } from './bounds';
import { FlagDraft, flagAttributeNames } from './flagDraft';
import type { SpanLink } from './record';
import type { Scalar } from './scalar';
import { WantedNames } from './wantedNames';

/**
 * The allow-list of span attributes, old names and new: what operations, outcomes and evaluations are told by.
 * Everything else is skipped unread: feature_flag.context.id, enduser.*, url.full, url.query, url.path, http.target,
 * db.*, exception.*, baggage, and whatever an application adds.
 */
const spanSetters: ReadonlyMap<string, (draft: SpanDraft, value: Scalar) => void> = new Map<
  string,
  (draft: SpanDraft, value: Scalar) => void
>([
  ['http.request.method', (draft, value) => (draft.httpMethod = text(value))],
  ['http.method', (draft, value) => (draft.httpMethod ??= text(value))],
  ['http.route', (draft, value) => (draft.httpRoute = text(value))],
  ['http.response.status_code', (draft, value) => (draft.httpStatus = number(value))],
  ['http.status_code', (draft, value) => (draft.httpStatus ??= number(value))],
  ['rpc.grpc.status_code', (draft, value) => (draft.grpcStatus = value)],
  ['rpc.response.status_code', (draft, value) => (draft.grpcStatus ??= value)],
  ['code.function.name', (draft, value) => (draft.codeFunctionName = text(value))],
  ['code.function', (draft, value) => (draft.codeFunction = text(value))],
  ['code.namespace', (draft, value) => (draft.codeNamespace = text(value))],
  ['code.file.path', (draft, value) => (draft.codeFile = text(value))],
  ['code.filepath', (draft, value) => (draft.codeFile ??= text(value))],
  ['code.line.number', (draft, value) => (draft.codeLine = line(value))],
  ['code.lineno', (draft, value) => (draft.codeLine ??= line(value))],
  ['nestjs.controller', (draft, value) => (draft.nestController = text(value))],
  ['nestjs.callback', (draft, value) => (draft.nestCallback = text(value))],
]);

const text = (value: Scalar): string | null => (typeof value === 'string' && value !== '' ? cut(value) : null);

function number(value: Scalar): number | null {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : null;
}

function line(value: Scalar): number | null {
  const read = number(value);
  return Number.isSafeInteger(read) ? read : null;
}

/** Sentry's SDKs put evaluations on the span itself: `flag.evaluation.<key>` = true or false. */
const sentryPrefix = 'flag.evaluation.';

/** Span attributes whose value is wanted; decoders skip the others. */
export const spanAttributes = new WantedNames([...spanSetters.keys(), ...flagAttributeNames], sentryPrefix);

/** One span as it stands on the wire, in either encoding. One draft serves a whole request: `reset` before each span. */
export class SpanDraft {
  /** Ids packed, undefined when missing or invalid; `parentId` '' without a parent. */
  traceId: string | undefined;
  spanId: string | undefined;
  parentId: string | undefined = '';
  traceState = '';
  flags = 0;
  name = '';
  kind = 0;
  /** Epoch milliseconds, 0 without an end; `seconds` is not a number when either end is missing. */
  endMs = 0;
  seconds = Number.NaN;
  statusCode = 0;
  /** Evaluations among the span's events. */
  readonly events: { readonly flag: string; readonly variant: string; readonly at: number }[] = [];
  readonly links: SpanLink[] = [];
  httpMethod: string | null = null;
  httpRoute: string | null = null;
  httpStatus: number | null = null;
  grpcStatus: Scalar | null = null;
  codeFunctionName: string | null = null;
  codeFunction: string | null = null;
  codeNamespace: string | null = null;
  codeFile: string | null = null;
  codeLine: number | null = null;
  nestController: string | null = null;
  nestCallback: string | null = null;
  readonly flag = new FlagDraft();
  readonly sentryFlags: { key: string; variant: string }[] = [];

  reset(): void {
    this.traceId = this.spanId = undefined;
    this.parentId = this.traceState = this.name = '';
    this.flags = this.kind = this.endMs = this.statusCode = 0;
    this.seconds = Number.NaN;
    if (this.events.length > 0) this.events.length = 0;
    if (this.links.length > 0) this.links.length = 0;
    this.httpMethod = this.httpRoute = this.httpStatus = this.grpcStatus = null;
    this.codeFunctionName = this.codeFunction = this.codeNamespace = this.codeFile = this.codeLine = null;
    this.nestController = this.nestCallback = null;
    this.flag.reset();
    if (this.sentryFlags.length > 0) this.sentryFlags.length = 0;
  }

  set(key: string, value: Scalar): void {
    const setter = spanSetters.get(key);
    if (setter) setter(this, value);
    else if (!key.startsWith(sentryPrefix)) this.flag.set(key, value);
    else if (typeof value === 'boolean' && this.sentryFlags.length < 10)
      this.sentryFlags.push({ key: key.slice(sentryPrefix.length), variant: String(value) });
  }

  /** Ids packed; one that is missing or invalid makes no link. */
  link(traceId: string | undefined, spanId: string | undefined): void {
    if (traceId !== undefined && spanId !== undefined && this.links.length < maxLinksPerSpan)
      this.links.push({ traceId, spanId });
  }

  /** The qualified function of either generation of conventions, or NestJS's controller and callback. */
  qualifiedFunction(): string | null {
    if (this.codeFunctionName !== null) return this.codeFunctionName;
    if (this.codeFunction !== null)
      return this.codeNamespace === null ? this.codeFunction : cut(`${this.codeNamespace}.${this.codeFunction}`);
    return this.nestController !== null && this.nestCallback !== null
      ? cut(`${this.nestController}.${this.nestCallback}`)
      : null;
  }
}

/** Attributes of a resource that are kept, or that name the instance where `service.instance.id` is missing. */
export const resourceAttributes = new WantedNames([
  'service.name',
  'service.version',
  'service.instance.id',
  'deployment.environment.name',
  'deployment.environment',
  'vcs.ref.head.revision',
  'k8s.pod.name',
  'host.name',
  'process.pid',
]);
