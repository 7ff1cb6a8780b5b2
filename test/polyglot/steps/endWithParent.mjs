// Runs a program that knows nothing of whoever started it, and ends it when that one is gone: <folder> <command> <args…>
import { spawn } from 'node:child_process';

const [, , cwd, command, ...args] = process.argv;
const child = spawn(command, args, { cwd, stdio: 'inherit' });
process.on('disconnect', () => child.kill('SIGTERM'));
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('error', (error) => {
  console.error(`${command}: ${error.message}`);
  process.exit(1);
});
child.once('exit', (code) => process.exit(code ?? 1));
