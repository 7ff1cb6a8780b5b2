import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { percent } from './compare.mjs';
import { pollSeconds } from './prepare.mjs';
import { whenever } from './whenever.mjs';

/** Orders answered after the services took the flag over, before their error rate is called back to normal. */
const ordersToJudge = 300;
/** A shop without the new path loses about one order in 330; thrice that may be chance, more is not back to normal. */
const backToNormal = 0.01;
/** Nor is it back where it has not fallen: at most this part of what it was. */
const ofBefore = 0.5;

/**
 * Kills a flag as a person does, in the sidebar and VS Code's own modal, and prints when each thing that must follow did.
 * @param {import('./prepare.mjs').Demo} demo @param {object} screens
 * @param {import('./tallyHistory.mjs').TallyHistory} history @param {import('./readings.mjs').Place} place
 * @returns {Promise<string>} the figures in one line
 */
export async function killThroughSidebar({ flagFile, logs, step }, screens, history, { key, line }) {
  const { workbench, editor, flags, journal } = screens;
  const bothArms = () => together(history.now(key, 'on'), history.now(key, 'off'));
  const before = bothArms();
  const serviceLog = join(logs, 'checkout.log');
  const logged = readFileSync(serviceLog, 'utf8').length;

  // flagd has no switch of its own: one button for off and kill.
  for (let tries = 1; ; tries++) {
    await flags.act(key, 'Turn Flag On or Off…');
    // A row is drawn anew when its numbers change: a click that falls between is lost, and a person clicks again.
    const asked = await workbench.dialog.waitFor({ timeout: 8000 }).then(
      () => true,
      () => false,
    );
    if (asked) break;
    if (tries === 3) throw new Error('VS Code does not ask whether to turn the flag off, though told to three times');
    console.log('           the click on "Turn Flag On or Off…" did nothing; again');
  }
  const question = (await workbench.dialog.locator('.dialog-message-container').innerText()).replace(/\s+/g, ' ');
  if (!question.includes(key) || !question.includes('production')) {
    throw new Error(`The modal does not name flag and environment: ${question}`);
  }
  const consent = Date.now();
  const click = workbench.dialog.getByRole('button', { name: /^Turn off$/ }).click();
  const [written, takenOver] = await Promise.all([
    whenever(() => isOff(flagFile, key), { what: `${key} off in the flag file`, seconds: 30 }),
    whenever(() => readFileSync(serviceLog, 'utf8').slice(logged).includes(`flags: ${key} taken over`), {
      what: `the services see ${key} off`,
      seconds: 30,
    }),
  ]);
  await click;
  const shown = whenever(async () => /^off/.test(await editor.inlineFact(line)), {
    what: `the editor shows ${key} off`,
    seconds: 60,
    everyMs: 50,
  });
  const verified = (async () => {
    await journal.open();
    return whenever(async () => /verified/.test((await journal.rows())[0] ?? ''), {
      what: 'the journal says verified',
      seconds: 60,
      everyMs: 100,
    });
  })();
  // Orders under way when the services took it over may still fail the old way.
  await new Promise((done) => setTimeout(done, 1500));
  const base = bothArms();
  const since = () => minus(bothArms(), base);
  const normal = Math.min(backToNormal, (ofBefore * before.errors) / before.calls);
  const back = await whenever(() => since().calls >= ordersToJudge && since().errors / since().calls <= normal, {
    what: `error rate of orders back below ${percent(normal)}`,
    seconds: 120,
    everyMs: 250,
  });
  const after = since();
  const times = { written, takenOver, shown: await shown, verified: await verified };

  const at = (time) => `${((time - consent) / 1000).toFixed(1)} s`;
  const row = (await journal.rows())[0];
  console.log('           the kill, from the click on the modal:');
  console.log(`   +0.0 s  consent: "${question}"`);
  for (const [time, text] of [
    [times.written, 'the flag file says off'],
    [times.takenOver, `the services see it (they read the file every ${pollSeconds} s)`],
    [times.shown, 'the editor shows it off beside the code'],
    [times.verified, `the journal: ${row}`],
    [
      back,
      `errors of all orders ${percent(after.errors / after.calls)} of the ${after.calls} since, ${percent(before.errors / before.calls)} before`,
    ],
  ].sort(([a], [b]) => a - b)) {
    console.log(`${`+${at(time)}`.padStart(9)}  ${text}`);
  }
  await step('the killed arm stands still', () => standsStill(history, key));
  return [
    `file ${at(times.written)}`,
    `services ${at(times.takenOver)} (poll ${pollSeconds} s)`,
    `editor ${at(times.shown)}`,
    `verified ${at(times.verified)}`,
    `order errors ${percent(before.errors / before.calls)} -> ${percent(after.errors / after.calls)}`,
  ].join(', ');
}

/** Nobody gets the new path any more. */
async function standsStill(history, key) {
  const before = history.now(key, 'on')?.calls;
  await new Promise((done) => setTimeout(done, 3000));
  const after = history.now(key, 'on')?.calls;
  if (before !== after) throw new Error(`${key} "on" still gets requests: ${before}, then ${after}`);
}

/** Everybody gets the off variant: no rule is left, and the default is off. */
function isOff(file, key) {
  try {
    const flag = JSON.parse(readFileSync(file, 'utf8')).flags[key];
    return flag.defaultVariant === 'off' && (flag.targeting === undefined || Object.keys(flag.targeting).length === 0);
  } catch {
    return false; // A reader never sees it half written, but may come between two names of it.
  }
}

const errorsOf = (arm) => (arm ? Math.round(arm.errorRate * arm.calls) : 0);

function together(...arms) {
  return {
    calls: arms.reduce((sum, arm) => sum + (arm?.calls ?? 0), 0),
    errors: arms.reduce((sum, arm) => sum + errorsOf(arm), 0),
  };
}

function minus(a, b) {
  return { calls: a.calls - b.calls, errors: a.errors - b.errors };
}
