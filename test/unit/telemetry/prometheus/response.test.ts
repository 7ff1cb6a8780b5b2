import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  PromAnswerError,
  readEnvelope,
  readExemplars,
  readNames,
  readRows,
} from '../../../../src/telemetry/prometheus/response';
import { describeShared } from '../../../sharedData';

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const matrix = (result: unknown): unknown => ({ resultType: 'matrix', result });

describe('answers of metrics servers', () => {
  it('reads series, and leaves out what is no number without losing the rest', () => {
    const read = readRows(
      matrix([
        {
          metric: { a: 'b' },
          values: [
            [1, '5'],
            [2, 'NaN'],
            [3, '+Inf'],
            [4, 'six'],
            [5, '7.5'],
            [5, '8'],
          ],
        },
        { metric: 'none', values: [] },
        { metric: { c: 'd' }, values: [[1.5, '1']] },
      ]),
      10,
    );
    expect(read).toEqual({
      rows: [
        {
          metric: { a: 'b' },
          samples: [
            [1_000, 5],
            [5_000, 7.5],
          ],
          histograms: [],
        },
        { metric: { c: 'd' }, samples: [[1_500, 1]], histograms: [] },
      ],
      partial: true,
    });
  });

  it('says when there was more than it takes', () => {
    const many = Array.from({ length: 5 }, (_, index) => ({ metric: { index: String(index) }, value: [1, '1'] }));
    const read = readRows({ resultType: 'vector', result: many }, 3);
    expect(read.rows).toHaveLength(3);
    expect(read.partial).toBe(true);
    expect(readNames(['a', 'b', 'c'], 2)).toEqual(['a', 'b']);
  });

  it('knows an incomplete answer by the words of each server', () => {
    const partial = (more: object): boolean => readEnvelope(bytes({ status: 'success', data: [], ...more })).partial;
    expect(partial({})).toBe(false);
    expect(partial({ warnings: null, infos: ['metric might not be a counter'] })).toBe(false);
    expect(partial({ warnings: ['partial response: store 10.0.0.1:10901 timed out'] })).toBe(true);
    expect(partial({ isPartial: true })).toBe(true);
    expect(partial({ isPartial: false })).toBe(false);
  });

  it('takes exemplars by any of the names for a trace, and none that is no id', () => {
    const one = (labels: object, value: unknown = '0.5') => ({ labels, value, timestamp: 12.5 });
    const found = readExemplars(
      [
        {
          seriesLabels: { le: '1' },
          exemplars: [
            one({ trace_id: '0AF7651916CD43DD8448EB211C80319C' }),
            one({ traceID: '8448eb211c80319c' }),
            one({ trace_id: '<script>' }),
            one({ span_id: '8448eb211c80319c' }),
            one({ traceId: '8448eb211c80319c' }, 'NaN'),
            'none',
          ],
        },
        { exemplars: 3 },
      ],
      10,
    );
    expect(found.map(({ traceId, at, value }) => [traceId, at, value])).toEqual([
      ['0af7651916cd43dd8448eb211c80319c', 12_500, 0.5],
      ['8448eb211c80319c', 12_500, 0.5],
    ]);
  });

  it('reads whatever comes, or says that it is no answer', () => {
    const reads = [readEnvelope, (of: Uint8Array) => readRows(JSON.parse(new TextDecoder().decode(of)), 100)];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          sometimesRows.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          for (const read of reads) {
            try {
              read(new TextEncoder().encode(text));
            } catch (error) {
              if (!(error instanceof SyntaxError)) expect(error).toBeInstanceOf(PromAnswerError);
            }
          }
        },
      ),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => void readExemplars(value, 10)));
  });

  it('gives times that ascend and finite values, whatever comes', () => {
    fc.assert(
      fc.property(sometimesRows, (data) => {
        for (const { samples, histograms } of readRows(data, 100).rows) {
          for (const [index, [at]] of samples.entries()) expect(index === 0 || at > samples[index - 1]![0]).toBe(true);
          for (const [, value] of samples) expect(Number.isFinite(value) && value >= 0).toBe(true);
          for (const [, { count, buckets }] of histograms) {
            expect(Number.isFinite(count)).toBe(true);
            for (const { left, right } of buckets) expect(left >= 0 && right >= 0).toBe(true);
          }
        }
      }),
    );
  });
});

const text = fc.oneof(fc.constantFrom('1', '0', 'NaN', '+Inf', '-Inf', '-1', '', '1e400'), fc.string());
const sometimesRows = fc.record({
  resultType: fc.constantFrom('matrix', 'vector'),
  result: fc.array(
    fc.oneof(
      fc.record({
        metric: fc.dictionary(fc.string(), fc.string()),
        values: fc.array(fc.oneof(fc.tuple(fc.oneof(fc.integer(), fc.double()), text), fc.jsonValue())),
        histograms: fc.array(
          fc.tuple(
            fc.integer(),
            fc.record({ count: text, buckets: fc.array(fc.tuple(fc.integer(), text, text, text)) }),
          ),
        ),
      }),
      fc.jsonValue(),
    ),
  ),
});

describeShared("examples of Prometheus' own OpenAPI", 'specs/telemetry/prometheus-openapi-3.1.yaml', (path) => {
  /** The examples are JSON in one line each. */
  const examples = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => /^\s*value: (\{.*\})$/.exec(line)?.[1] ?? [])
    .map((json) => JSON.parse(json) as { status?: string; data?: { resultType?: string } });

  it('are read: envelopes, vectors, matrices and native histograms', () => {
    const answers = examples.filter(({ status }) => status === 'success');
    expect(answers.length).toBeGreaterThanOrEqual(10);
    let [rows, natives] = [0, 0];
    for (const answer of answers) {
      const { data, partial } = readEnvelope(bytes(answer));
      expect(partial).toBe(false);
      if (!['vector', 'matrix'].includes(answer.data?.resultType ?? '')) continue;
      const read = readRows(data, 100);
      expect(read.partial).toBe(false);
      rows += read.rows.length;
      natives += read.rows.filter(({ histograms }) => histograms.length > 0).length;
    }
    expect(rows).toBeGreaterThan(0);
    expect(natives).toBeGreaterThan(0);
  });
});
