import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sleep } from '../../src/platform/clock';
import { systemClock } from '../../src/platform/node/clock';
import { backendToken, startUnleash, unleashDatabases, unleashHow, unleashNeeds } from '../servers/unleash.mjs';
import { describeServer } from './metricBackend';
import { changeTests } from './unleashChangeTests';
import { presenceTests } from './unleashPresenceTests';
import { checkedAgainstSpec } from './unleashSpec';
import { environmentOf, flagOf, place, planned, rollout, stateOf, UnleashWorld, variant } from './unleashWorld';

// A server that shares its machine with others takes its time.
vi.setConfig({ testTimeout: 60_000 });

for (const database of unleashDatabases()) {
  const needs = unleashNeeds(database);
  describeServer(`Unleash on ${database}`, needs === null, needs ?? '', unleashHow, () => {
    let server: Awaited<ReturnType<typeof startUnleash>>;
    let world: UnleashWorld;
    const { signal } = new AbortController();

    beforeAll(async () => {
      server = await startUnleash({ database });
      world = new UnleashWorld(server.url);
    }, 240_000);
    afterAll(async () => {
      world.dispose();
      await server.stop();
    }, 30_000);

    it('marks environments as Unleash does', async () => {
      const system = world.system();
      await system.snapshot(signal);
      expect(environmentOf(system, 'production')).toMatchObject({
        kind: 'live',
        production: true,
        protected: { value: true, because: 'system' },
        sourceName: 'Unleash, asked every 15 s',
        pollMs: 15_000,
      });
      expect(environmentOf(system, 'development')).toMatchObject({
        kind: 'live',
        production: false,
        protected: { value: false, because: 'nothing' },
      });
    });

    it('says what strategies, constraints, segments, variants and parents do', async () => {
      const segment = (await world.api('POST', '/api/admin/segments', {
        name: 'Benelux',
        constraints: [{ contextName: 'country', operator: 'IN', values: ['NL', 'BE'] }],
      })) as { id: number };
      await world.flag('parent', [rollout('parent', 100)]);
      await world.flag('rich', [
        rollout('rich', 40, {
          title: 'beta',
          segments: [segment.id],
          constraints: [{ contextName: 'appVersion', operator: 'SEMVER_GT', value: '1.2.0', inverted: true }],
        }),
        rollout('rich', 25, { variants: [variant('blue', 600), variant('green', 400, 'variable')] }),
      ]);
      await world.flag('child', [rollout('child', 100)]);
      await world.api('POST', '/api/admin/projects/default/features/child/dependencies', { feature: 'parent' });
      await world.api('PATCH', '/api/admin/projects/default/features/child', [
        { op: 'replace', path: '/stale', value: true },
        { op: 'replace', path: '/impressionData', value: true },
      ]);
      const system = world.system();
      const snapshot = await system.snapshot(signal);
      const rich = snapshot.flags.find((flag) => flag.ref.key === 'rich');
      const state = rich?.states.find(({ environment }) => environment.name === 'production');
      expect(rich?.variants.map(({ name }) => name)).toEqual(['blue', 'green', 'enabled', 'disabled']);
      expect(state?.rules.map(({ words }) => words)).toEqual([
        'beta (in segment "Benelux" (country is one of "NL", "BE") and not (appVersion > 1.2.0 (as versions)))',
      ]);
      expect(state?.effective).toMatchObject({ kind: 'rules', ruleCount: 1, randomised: 'partly' });
      expect(state?.effective.defaultShares?.blue).toBeCloseTo(0.15, 9);
      expect(state?.effective.defaultShares?.green).toBeCloseTo(0.1, 9);
      expect(state?.effective.defaultShares?.disabled).toBeCloseTo(0.75, 9);
      const child = snapshot.flags.find((flag) => flag.ref.key === 'child');
      expect(child?.states[1]?.prerequisites).toEqual(['parent to be on']);
      expect(child?.tags).toEqual(['release', 'stale', 'impression data']);
      expect(child?.changed).toMatchObject({ by: 'admin' });
      expect(snapshot.problems).toEqual([]);
    });

    changeTests(() => world);
    presenceTests(() => world);

    it('fires only when something differs, and asks for little when nothing does', async () => {
      const system = world.system();
      const first = await system.snapshot(signal);
      let fired = 0;
      system.watch(() => (fired += 1));
      const from = world.recorder.exchanges.length;
      expect((await system.snapshot(signal)).flags).toBe(first.flags);
      const asked = world.recorder.exchanges
        .slice(from)
        .map(({ request, response }) => `${new URL(request.url).pathname} ${response.status}`);
      expect(asked.sort()).toEqual([
        '/api/admin/projects/default/features 304',
        '/api/admin/search/events 200',
        '/api/admin/segments 304',
      ]);
      await flagOf(system, 'share');
      expect(fired).toBe(0);
      await world.api(
        'PATCH',
        `${place('share')}/strategies/${(JSON.parse((await stateOf(system, 'share')).raw) as { strategies: { id: string }[] }).strategies[0]?.id ?? ''}`,
        [{ op: 'replace', path: '/parameters/rollout', value: '44' }],
      );
      expect((await system.snapshot(signal)).version).not.toBe(first.version);
      await flagOf(system, 'share');
      expect(fired).toBe(0);
      await world.api('POST', `${place('share')}/off`);
      await flagOf(system, 'share');
      expect(fired).toBe(1);
    });

    it('says what is wrong with a token, and what one may not do', async () => {
      await expect(world.system('*:*.wrong').snapshot(signal)).rejects.toThrow(
        /refused the token \(401\)\. Sign in again/,
      );
      await expect(world.system(backendToken('production')).snapshot(signal)).rejects.toThrow(
        /another kind of token \(403\)/,
      );
      const viewer = world.system(await world.person('vera', 3));
      const state = await stateOf(viewer, 'tested');
      expect(state.writable).toMatchObject({ kind: 'no' });
      const plan = await planned(viewer, 'tested', { kind: 'kill' });
      const result = await viewer.apply(plan, 'c', signal);
      expect(result).toMatchObject({ kind: 'refused' });
      expect(result.kind === 'refused' && result.words).toMatch(
        /does not allow this.*UPDATE_FEATURE_ENVIRONMENT.*Nothing was written/s,
      );
    });

    it('says which project or environment there is none of', async () => {
      await expect(world.system(undefined, ['production'], 'nosuch').snapshot(signal)).rejects.toThrow(
        /no project "nosuch".*default/,
      );
      const snapshot = await world.system(undefined, ['production', 'moon']).snapshot(signal);
      expect(snapshot.problems.map(({ message }) => message)).toEqual([
        'The Unleash project "default" has no environment "moon". It has: development, production.',
      ]);
      expect(snapshot.flags[0]?.states.map((state) => state.switch).at(-1)).toBe('absent');
    });

    it('shows the data plane off soon after a kill', async () => {
      await world.flag('seen', [rollout('seen', 100)]);
      const enabled = async (): Promise<boolean | undefined> => {
        const answer = (await world.api('GET', '/api/client/features', undefined, backendToken('production'))) as {
          features: { name: string; enabled: boolean }[];
        };
        return answer.features.find(({ name }) => name === 'seen')?.enabled;
      };
      const until = async (wanted: boolean): Promise<void> => {
        for (let i = 0; i < 100 && (await enabled()) !== wanted; i++) await sleep(systemClock, 100);
        expect(await enabled()).toBe(wanted);
      };
      await until(true);
      const system = world.system();
      expect(await system.apply(await planned(system, 'seen', { kind: 'kill' }), 'c', signal)).toMatchObject({
        kind: 'applied',
      });
      await until(false);
    });

    describe('with change requests', () => {
      it('needs approval where the environment asks for it', async () => {
        await world.flag('guarded', [rollout('guarded', 10)]);
        const editor = world.system(await world.person('eddy', 2));
        const early = await planned(editor, 'guarded', { kind: 'kill' });
        await server.sql(
          "insert into change_request_settings(project,environment,required_approvals) values('default','production',1)",
        );
        // Planned before it was asked for: the server's refusal is told, and the next plan knows.
        const refused = await editor.apply(early, 'c', signal);
        expect(refused).toEqual({
          kind: 'refused',
          words: expect.stringMatching(/only through a change request \(403\)/) as string,
        });
        const plan = await planned(editor, 'guarded', { kind: 'kill' });
        expect(plan.approval).toBe('required');
        const result = await editor.apply(plan, 'c', signal);
        expect(result).toEqual({
          kind: 'refused',
          words: expect.stringMatching(/need approval, and this Unleash takes no change requests/) as string,
        });
        expect((await stateOf(editor, 'guarded')).switch).toBe('on');
        // An admin token goes past it, which the open-source server does not tell beforehand.
        const admin = world.system();
        expect(await admin.apply(await planned(admin, 'guarded', { kind: 'kill' }), 'c', signal)).toMatchObject({
          kind: 'applied',
        });
        await server.sql('delete from change_request_settings');
      });
    });

    it('speaks as its OpenAPI says', async () => {
      const spec = await world.api('GET', '/docs/openapi.json');
      const { problems, checked } = checkedAgainstSpec(spec, world.recorder.exchanges);
      // Its own mistake: who an admin token is has no id.
      expect(problems.filter((problem) => !problem.startsWith('answer GET /api/admin/user:'))).toEqual([]);
      expect(checked.requests).toBeGreaterThan(0);
      expect(checked.responses).toBeGreaterThan(20);
    });
  });
}
