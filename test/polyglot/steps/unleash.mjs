import { adminToken, backendToken, startUnleash } from '../../servers/unleash.mjs';

/** Cohorts below it have `loyalty-points`. */
export const pointsBelow = 30;

/** A real Unleash with the flag that the Node service asks for. @param {import('../../demo/steps/processes.mjs').Leftovers} leftovers */
export async function startUnleashWithFlag(leftovers) {
  const server = await startUnleash();
  leftovers.add(() => server.stop());
  const post = async (path, body) => {
    const answer = await fetch(`${server.url}/api/admin/${path}`, {
      method: 'POST',
      headers: { authorization: adminToken, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`Unleash: ${path} answered ${answer.status}: ${await answer.text()}`);
  };
  const flag = 'projects/default/features';
  await post('context', { name: 'cohort', legalValues: [] });
  await post(flag, { name: 'loyalty-points', type: 'release', impressionData: true });
  await post(`${flag}/loyalty-points/environments/production/strategies`, {
    name: 'flexibleRollout',
    parameters: { rollout: '100', stickiness: 'userId', groupId: 'loyalty-points' },
    constraints: [{ contextName: 'cohort', operator: 'NUM_LT', value: String(pointsBelow), values: [] }],
  });
  await post(`${flag}/loyalty-points/environments/production/on`, {});
  return { url: server.url, token: backendToken('production') };
}
