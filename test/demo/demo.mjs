// `npm run demo`: a small shop under load, and VS Code with Sightglass beside its code. Works as the first command after
// a clone. `-- --check` does the same without a person: see steps/check.mjs. `--keep` leaves the folders for a look.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Node ${process.versions.node} is too old: the demo needs 20.19 or newer. Get it from https://nodejs.org, then run this again.`,
  );
  process.exit(2);
}

const { parseArgs } = await import('node:util');
const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    /** The VS Code server even where a desktop VS Code is found. */
    server: { type: 'boolean', default: false },
  },
});

// Whoever reads this may go away first; what was started must still be ended.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const { Leftovers } = await import('./steps/processes.mjs');
const leftovers = new Leftovers();
leftovers.endOnSignals();
try {
  const { prepare } = await import('./steps/prepare.mjs');
  const demo = await prepare({ check: options.check, keep: options.keep, leftovers });
  if (options.check) {
    const { check } = await import('./steps/check.mjs');
    process.exitCode = (await check(demo)) ? 0 : 1;
  } else {
    const { show } = await import('./steps/show.mjs');
    await show(demo, { server: options.server });
  }
} catch (error) {
  // What fails because it is being ended is no news.
  if (!leftovers.ending) {
    console.error(`\ndemo: ${error instanceof Error ? error.message : String(error)}`);
    if (options.keep && error instanceof Error) console.error(error.stack);
    process.exitCode = 1;
  }
} finally {
  await leftovers.end();
}
// Pipes of what was ended may still be open. After a signal, the one who caught it gives the exit code.
if (!leftovers.signalled) process.exit();
