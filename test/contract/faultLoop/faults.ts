import type { SeededDraws } from '../../unit/telemetry/seededDraws';

/** What becomes of one request. `forwarded`: the server got it and did it all the same, and the client hears something else. */
export type Strike =
  | {
      readonly do: 'answer';
      readonly forwarded: boolean;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly do: 'silence' | 'reset'; readonly forwarded: boolean }
  /** The server's own answer, half of it. */
  | { readonly do: 'cut' }
  /** The server's own answer, with other fields. */
  | { readonly do: 'drift'; readonly change: (answer: unknown) => unknown };

/** What a fault may need to know of the system behind the proxy. */
export interface FaultScene {
  readonly draws: SeededDraws;
  /** An error as the system itself words it; `null`: it never says this. */
  readonly vendorError: (status: number) => object | null;
  /** Fields that no answer of the system is ever without. */
  readonly requiredFields: readonly string[];
  /** Another origin, which nobody should ever ask. */
  readonly stranger: string;
}

const page = '<!doctype html><html><title>Sign in</title><body>Gateway</body></html>';
const html = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };

/** Half of the time in the system's own words, half of the time as a gateway before it says it. */
function refusal(scene: FaultScene, status: number, headers: Readonly<Record<string, string>> = {}): Strike {
  const said = scene.draws.uniform() < 0.5 ? scene.vendorError(status) : null;
  const [body, type] = said ? [JSON.stringify(said), json] : [page, html];
  return { do: 'answer', forwarded: false, status, headers: { ...type, ...headers }, body };
}

/** A gateway gives up on a server that may have done it, or that it never reached. */
function failure(scene: FaultScene, status: number): Strike {
  const strike = refusal(scene, status);
  return strike.do === 'answer' ? { ...strike, forwarded: scene.draws.uniform() < 0.5 } : strike;
}

const instead = (scene: FaultScene, body: string, type: Readonly<Record<string, string>>): Strike => ({
  do: 'answer',
  forwarded: scene.draws.uniform() < 0.5,
  status: 200,
  headers: type,
  body,
});

const redirect = (scene: FaultScene, status: number): Strike => ({
  do: 'answer',
  forwarded: false,
  status,
  headers: { location: `${scene.stranger}/elsewhere` },
  body: '',
});

/** Seconds; a moment, so that the loop goes on. */
const retryAfter = '2';

/** Every class of bad input. */
export const faults: Readonly<Record<string, (scene: FaultScene) => Strike>> = {
  '401': (scene) => refusal(scene, 401),
  '403': (scene) => refusal(scene, 403),
  '404': (scene) => refusal(scene, 404),
  '405': (scene) => refusal(scene, 405),
  '409': (scene) => refusal(scene, 409),
  '412': (scene) => refusal(scene, 412),
  '422': (scene) => refusal(scene, 422),
  '423': (scene) => refusal(scene, 423),
  '429': (scene) => refusal(scene, 429),
  '429 with seconds': (scene) => refusal(scene, 429, { 'retry-after': retryAfter }),
  '429 with an epoch': (scene) =>
    refusal(scene, 429, { 'retry-after': String(Math.ceil(Date.now() / 1_000) + Number(retryAfter)) }),
  '429 with a date': (scene) =>
    refusal(scene, 429, { 'retry-after': new Date(Date.now() + Number(retryAfter) * 1_000).toUTCString() }),
  '500': (scene) => failure(scene, 500),
  '502': (scene) => failure(scene, 502),
  '503': (scene) => failure(scene, 503),
  '504': (scene) => failure(scene, 504),
  'a web page': (scene) => instead(scene, page, html),
  nothing: (scene) => instead(scene, '', json),
  'half an answer': () => ({ do: 'cut' }),
  'silence before': () => ({ do: 'silence', forwarded: false }),
  'silence after': () => ({ do: 'silence', forwarded: true }),
  'reset before': () => ({ do: 'reset', forwarded: false }),
  'reset after': () => ({ do: 'reset', forwarded: true }),
  'another host (302)': (scene) => redirect(scene, 302),
  'another host (307)': (scene) => redirect(scene, 307),
  'unknown fields': () => ({ do: 'drift', change: withUnknown }),
  'a missing field': ({ draws, requiredFields }) => {
    const gone = requiredFields[Math.floor(draws.uniform() * requiredFields.length)] ?? '';
    return { do: 'drift', change: (answer) => without(answer, gone) };
  },
};

function withUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknown);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, each]) => [name, withUnknown(each)] as const);
  return { ...Object.fromEntries(fields), inventedLater: { since: 'tomorrow' } };
}

function without(value: unknown, gone: string): unknown {
  if (Array.isArray(value)) return value.map((each) => without(each, gone));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (name === gone ? [] : [[name, without(each, gone)]])),
  );
}
