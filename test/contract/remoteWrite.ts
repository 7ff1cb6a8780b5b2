/**
 * Prometheus remote write 1.0 (prompb/remote.proto and types.proto of prometheus/prometheus; field numbers below), for
 * what promtool cannot write: native histograms and exemplars. Bodies are snappy blocks of literals only.
 */

export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples?: readonly (readonly [at: number, value: number])[];
  readonly exemplars?: readonly { readonly traceId: string; readonly value: number; readonly at: number }[];
  readonly histograms?: readonly (readonly [at: number, value: Observed])[];
}

/** Cumulative observations in the buckets of a schema: bucket i holds (b^(i-1), b^i], b = 2^(2^-schema). */
export class Observed {
  readonly buckets = new Map<number, number>();
  count = 0;
  sum = 0;

  constructor(readonly schema: number) {}

  observe(value: number): void {
    const index = Math.ceil(Math.log2(value) * 2 ** this.schema);
    this.buckets.set(index, (this.buckets.get(index) ?? 0) + 1);
    this.count += 1;
    this.sum += value;
  }

  copy(): Observed {
    const copy = new Observed(this.schema);
    for (const [index, count] of this.buckets) copy.buckets.set(index, count);
    copy.count = this.count;
    copy.sum = this.sum;
    return copy;
  }
}

export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const body = snappy(join(series.map((one) => bytes(1, timeSeries(one)))));
  const answer = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: Uint8Array.from(body),
  });
  if (!answer.ok) throw new Error(`Remote write was refused (${answer.status}): ${await answer.text()}`);
}

function timeSeries({ labels, samples = [], exemplars = [], histograms = [] }: WrittenSeries): Uint8Array {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return join([
    ...sorted.map(([name, value]) => bytes(1, label(name, value))),
    ...samples.map(([at, value]) => bytes(2, join([double(1, value), varint(2, at)]))),
    ...exemplars.map(({ traceId, value, at }) =>
      bytes(3, join([bytes(1, label('trace_id', traceId)), double(2, value), varint(3, at)])),
    ),
    ...histograms.map(([at, value]) => bytes(4, histogram(at, value))),
  ]);
}

const label = (name: string, value: string): Uint8Array => join([text(1, name), text(2, value)]);

function histogram(at: number, { buckets, count, sum, schema }: Observed): Uint8Array {
  const indexes = [...buckets.keys()].sort((a, b) => a - b);
  const spans: Uint8Array[] = [];
  const deltas: number[] = [];
  let previousCount = 0;
  let end: number | null = null;
  for (let from = 0; from < indexes.length;) {
    let to = from + 1;
    while (to < indexes.length && indexes[to] === indexes[to - 1]! + 1) to += 1;
    const offset: number = end === null ? indexes[from]! : indexes[from]! - end;
    spans.push(bytes(11, join([varint(1, zigzag(offset)), varint(2, to - from)])));
    for (const index of indexes.slice(from, to)) {
      deltas.push(zigzag(buckets.get(index)! - previousCount));
      previousCount = buckets.get(index)!;
    }
    end = indexes[to - 1]! + 1;
    from = to;
  }
  return join([
    varint(1, count),
    double(3, sum),
    varint(4, zigzag(schema)),
    double(5, 2 ** -128),
    varint(6, 0),
    ...spans,
    bytes(12, join(deltas.map(varintBytes))),
    varint(15, at),
  ]);
}

const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

function varintBytes(value: number): Uint8Array {
  const out: number[] = [];
  let left = BigInt(value);
  do {
    const low = Number(left & 0x7fn);
    left >>= 7n;
    out.push(left > 0n ? low | 0x80 : low);
  } while (left > 0n);
  return Uint8Array.from(out);
}

const varint = (field: number, value: number): Uint8Array => join([varintBytes(field * 8), varintBytes(value)]);
const bytes = (field: number, value: Uint8Array): Uint8Array =>
  join([varintBytes(field * 8 + 2), varintBytes(value.length), value]);
const text = (field: number, value: string): Uint8Array => bytes(field, new TextEncoder().encode(value));
function double(field: number, value: number): Uint8Array {
  const eight = new Uint8Array(8);
  new DataView(eight.buffer).setFloat64(0, value, true);
  return join([varintBytes(field * 8 + 1), eight]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A snappy block: its length, then literals of at most 64 KiB (tag 61: two bytes of length less one). */
function snappy(data: Uint8Array): Uint8Array {
  const parts = [varintBytes(data.length)];
  for (let at = 0; at < data.length; at += 65_536) {
    const literal = data.subarray(at, at + 65_536);
    const less = literal.length - 1;
    parts.push(Uint8Array.from([61 << 2, less & 0xff, less >> 8]), literal);
  }
  return join(parts);
}
