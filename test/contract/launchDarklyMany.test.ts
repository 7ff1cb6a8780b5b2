import { expect, it } from 'vitest';
import type { Http } from '../../src/platform/http';
import { describeShared } from '../sharedData';
import { FakeLaunchDarkly } from './fakeLaunchDarkly';
import { signal, systemAt } from './launchDarklyWorld';

const FLAGS = 2_000;
const NAMES = Array.from({ length: 12 }, (_, at) => `env-${String(at).padStart(2, '0')}`);

describeShared('LaunchDarkly with very many flags', 'specs/launchdarkly', (folder) => {
  it(`reads ${String(FLAGS)} flags of ${String(NAMES.length)} environments round by round, and then asks for little`, async () => {
    const fake = new FakeLaunchDarkly(folder);
    fake.environments.splice(0, 2, ...NAMES.map((key) => ({ ...fake.environment('test'), key })));
    const text = JSON.stringify(fake.flag('template', { fallthrough: { variation: 0 } }));
    const [, config] = /"env-00":(\{.*?\})(?=,"env-01")/.exec(text) ?? [];
    if (config === undefined) throw new Error('no configuration');
    const asked: string[] = [];
    let longest = 0;
    // In memory: what is measured is what we do with the answers, not a server.
    const http: Http = {
      request: ({ url }) => {
        const { pathname, searchParams } = new URL(url);
        asked.push(pathname);
        const say = (json: string) =>
          Promise.resolve({ status: 200, headers: {}, body: new TextEncoder().encode(json) });
        if (pathname.endsWith('/auditlog')) return say('{"items":[]}');
        if (pathname.endsWith('/environments')) {
          const from = Number(searchParams.get('offset'));
          return say(JSON.stringify({ items: fake.environments.slice(from, from + 20) }));
        }
        if (!pathname.endsWith('/flags/shop')) return say('{}');
        if (searchParams.has('filter')) return say('{"items":[],"totalCount":0}');
        const from = Number(searchParams.get('offset'));
        const size = Math.min(100, FLAGS - from);
        const configs = searchParams.getAll('env').map((name) => `"${name}":${config}`);
        const items = Array.from({ length: size }, (_, at) => {
          const key = `flag-${String(from + at).padStart(5, '0')}`;
          return `{"key":"${key}","name":"${key}","kind":"boolean","_version":1,"creationDate":1,"tags":[],"temporary":true,"archived":false,"variations":[{"_id":"a","value":true},{"_id":"b","value":false}],"environments":{${configs.join(',')}}}`;
        });
        return say(`{"items":[${items.join(',')}],"totalCount":${String(FLAGS)}}`);
      },
    };
    const system = systemAt('http://ld.example', { names: NAMES, http });
    const before = process.memoryUsage().heapUsed;
    let last = performance.now();
    const watch = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last - 10);
      last = now;
    }, 10);
    const started = performance.now();
    const cpu = process.cpuUsage();
    let rounds: number;
    let snapshot = await system.snapshot(signal);
    for (rounds = 1; snapshot.problems.length > 0 && rounds < 60; rounds += 1) snapshot = await system.snapshot(signal);
    const took = performance.now() - started;
    const { user } = process.cpuUsage(cpu);
    clearInterval(watch);
    const megabytes = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
    expect(snapshot.flags).toHaveLength(FLAGS);
    expect(snapshot.flags[0]?.states).toHaveLength(NAMES.length);
    const pages = asked.filter((path) => path.endsWith('/flags/shop')).length;
    expect(pages).toBe((FLAGS / 100) * (NAMES.length / 3) + 1);
    asked.length = 0;
    const again = performance.now();
    await system.snapshot(signal);
    const unchanged = performance.now() - again;
    expect(asked).toEqual(['/api/v2/auditlog']);
    console.log(
      `${String(FLAGS)} flags, ${String(NAMES.length)} environments: ${took.toFixed(0)} ms (${(user / 1000).toFixed(0)} ms of processor) in ${String(rounds)} rounds, ${String(pages)} pages; longest turn ${longest.toFixed(0)} ms; ${megabytes.toFixed(0)} MB; unchanged round ${unchanged.toFixed(0)} ms, 1 request`,
    );
    system.dispose();
  }, 240_000);
});
