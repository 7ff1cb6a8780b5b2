// `npm run soak`: changes and undoes flags for 10 minutes through a proxy that fails by chance, before each flag system in
// turn of test/contract/faultLoop, and on files of a disk that fails (`--only files`); `npm test` does the same for one.
// `--minutes 2`, `--only unleash`, `--seed 7`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    seed: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
if (!Number.isFinite(minutes) || minutes <= 0) {
  console.error(`--minutes ${values.minutes} is no number of minutes.`);
  process.exit(2);
}
const root = join(import.meta.dirname, '..');
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', `test/contract/faultLoop/${values.only}`],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      SIGHTGLASS_SOAK_MINUTES: String(minutes),
      ...(values.seed !== undefined && { SIGHTGLASS_SOAK_SEED: values.seed }),
    },
  },
);
process.exit(status ?? 1);
