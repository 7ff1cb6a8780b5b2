/**
 * Loaded before the command line (`node --require`): kills the process, as kill -9 does, right before the n-th time it
 * would change something on disk. n is SIGHTGLASS_TEST_KILL_AT; the steps taken are written to
 * SIGHTGLASS_TEST_STEPS when the process ends by itself.
 */
const { appendFileSync } = require('node:fs');
const fs = require('node:fs/promises');
const process = require('node:process');

const at = Number(process.env.SIGHTGLASS_TEST_KILL_AT);
let steps = 0;

function step() {
  if (++steps !== at) return undefined;
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way: whatever was to happen now does not.
  for (;;);
}

const before = (holder, name) => {
  const original = holder[name];
  holder[name] = function (...given) {
    step();
    return original.apply(this, given);
  };
};

for (const name of ['rename', 'link', 'unlink', 'mkdir', 'chmod']) before(fs, name);
const { open } = fs;
fs.open = async (path, how, ...more) => {
  // Opening to read changes nothing.
  if (typeof how === 'string' && how !== 'r') step();
  const handle = await open(path, how, ...more);
  // Flushing and setting a mode change nothing that the next process could find.
  before(handle, 'writeFile');
  return handle;
};
process.on('exit', () => appendFileSync(process.env.SIGHTGLASS_TEST_STEPS, `${String(steps)}\n`));
