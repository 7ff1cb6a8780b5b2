import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codePathId, type CodePath } from '../../src/model/reference';
import type { Operation } from '../../src/model/signal';
import { matchCodePaths } from '../../src/telemetry/match/matchCodePaths';
import { table } from '../bench/table.mjs';
import { finderOf } from '../unit/code/finderHarness';
import { demoRows, type DemoRow } from './openTelemetryDemo';

/** A checkout of it, under the name of ../shared/corpora, in the folder that `npm run bench -- scan --corpora` takes too. */
const corpora = process.env.SIGHTGLASS_CORPORA ?? resolve(import.meta.dirname, '../../../corpora');
const demo = join(corpora, 'open-telemetry+opentelemetry-demo');
const sources = /\.(?:[jt]sx?|go|java|kt|cs|py|rb|php|rs)$/u;
const largest = 300_000;

function demoFiles(): readonly string[] {
  return readdirSync(join(demo, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .filter((file) => sources.test(file) && !/node_modules|genproto|_pb2|\.d\.ts$/u.test(file))
    .filter((file) => statSync(join(demo, file)).size < largest);
}

const idOf = ({ service, kind, name }: DemoRow): string => `${service} ${kind} ${name}`;

const operation = (row: DemoRow): Operation => ({
  ...{ id: idOf(row), service: row.service, environment: 'production', kind: row.kind, name: row.name },
  ...{ httpMethod: row.route?.[0] ?? null, httpRoute: row.route?.[1] ?? null, scope: row.scope ?? null },
  ...{ codeFunction: null, codeFile: null, codeLine: null },
});

/** `Class.method` of some package is told by its last name, as the rows are. */
const toldAs = ({ path, name }: CodePath): string =>
  `${path}#${/^[A-Z]+ \//u.test(name) ? name : name.split('.').at(-1)}`;

const suite = 'opentelemetry-demo: documented operations against its code';
if (existsSync(demo)) {
  describe(suite, () => {
    it('matches none of them wrongly, and most of them', async () => {
      const { index } = await finderOf(
        Object.fromEntries(demoFiles().map((file) => [file, readFileSync(join(demo, file), 'utf8')])),
      );
      const codePaths: CodePath[] = [];
      for (const file of demoFiles()) codePaths.push(...((await index.facts(file))?.codePaths ?? []));
      const operations = demoRows.map(operation);
      const matched = matchCodePaths({ codePaths, operations, overrides: {}, services: {} });
      const found = new Map<string, { readonly at: string; readonly reason: string }[]>();
      for (const codePath of codePaths)
        for (const { operation: one, match } of matched.get(codePathId(codePath)) ?? [])
          if (match.via === null)
            found.set(one.id, [
              ...(found.get(one.id) ?? []),
              {
                at: toldAs(codePath),
                reason: `${match.rank} ${match.reason}${match.approximate ? ', approximate' : ''}`,
              },
            ]);
      const rows = demoRows.map((row) => {
        const all = found.get(idOf(row)) ?? [];
        const isRight = all.length > 0 && all.every(({ at }) => at === row.answeredBy);
        const outcome =
          all.length === 0 ? (row.answeredBy === null ? 'none, rightly' : 'none') : isRight ? 'right' : 'WRONG';
        return { row, all, outcome };
      });
      const count = (outcome: string): number => rows.filter((one) => one.outcome === outcome).length;
      console.log(
        table(
          ['operation', 'name from', 'outcome', 'by', 'code'],
          rows.map(({ row, all, outcome }) => [
            `${row.service}: ${row.name}`,
            row.source,
            outcome,
            all[0]?.reason ?? '',
            all.map(({ at }) => at).join(', ') || `(${row.answeredBy ?? 'none'})`,
          ]),
        ),
      );
      console.log(
        `right ${count('right')}, none ${count('none')}, rightly none ${count('none, rightly')}, wrong ${count('WRONG')}`,
      );
      expect(rows.filter(({ outcome }) => outcome === 'WRONG')).toEqual([]);
      expect(count('right')).toBeGreaterThanOrEqual(Math.floor(demoRows.length * 0.8));
    }, 120_000);
  });
} else {
  it.skip(
    `${suite} - skipped: needs a checkout of open-telemetry/opentelemetry-demo (git clone it to ${demo}, or set SIGHTGLASS_CORPORA)`,
  );
}
