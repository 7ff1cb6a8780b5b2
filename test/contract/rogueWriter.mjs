// A program that knows nothing of our lock: told a round, it waits as long as it is told, reads the flag file, sets its
// own flag's text to that round, thinks, and writes the file back. `node rogueWriter.mjs PATH rename|inPlace`.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [path = '', how = 'rename'] = process.argv.slice(2);
process.on('message', async ({ round, waitMs, thinkMs }) => {
  await sleep(waitMs);
  let text = '';
  // Half a file is what another program writing in place leaves for a moment.
  while (!text.endsWith('}\n')) text = readFileSync(path, 'utf8');
  const mine = text.replace(/("owner": ")[^"]*(")/, `$1round ${round}$2`);
  if (thinkMs > 0) await sleep(thinkMs);
  if (how === 'inPlace') writeFileSync(path, mine);
  else {
    writeFileSync(`${path}.rogue`, mine);
    renameSync(`${path}.rogue`, path);
  }
  process.send({ round });
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
