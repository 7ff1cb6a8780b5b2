// Wall clock, CPU and peak memory of a program and all it starts. CPU comes from the shell's `times`, which counts what
// its children waited for; memory from /proc where there is one, summed over the programs that run at once.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const lookEveryMs = 20;
const hasProc = existsSync('/proc/self/status');

/** Answers stdout as well; seconds, and megabytes (null where they cannot be told). Throws when it failed. */
export async function measuredProcess(executable, args, { cwd, env = {}, mayFailWith = [] } = {}) {
  const begin = performance.now();
  const script = '"$0" "$@"; code=$?; times >&2; exit $code';
  const child = spawn('/bin/sh', ['-c', script, executable, ...args], { cwd, env: { ...process.env, ...env } });
  let peak = hasProc ? 0 : null;
  const look = setInterval(() => hasProc && (peak = Math.max(peak, residentOf(child.pid))), lookEveryMs);
  const out = [];
  let err = '';
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  clearInterval(look);
  const wall = (performance.now() - begin) / 1000;
  if (code !== 0 && !mayFailWith.includes(code))
    throw new Error(`${executable} ended with ${String(code)}: ${err.slice(-500)}`);
  return { wall, cpu: cpuOf(err), peak, stdout: Buffer.concat(out).toString('utf8') };
}

/** The last line of `times` is of the children: `1m2.3s 0m0.4s`. */
function cpuOf(err) {
  const found = [...err.matchAll(/(\d+)m([\d.]+)s\s+(\d+)m([\d.]+)s/g)].at(-1);
  if (!found) throw new Error(`The shell told no times: ${err.slice(-200)}`);
  const [, userMinutes, userSeconds, systemMinutes, systemSeconds] = found.map(Number);
  return userMinutes * 60 + userSeconds + systemMinutes * 60 + systemSeconds;
}

/** Megabytes that a process and those below it hold now. */
function residentOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    let megabytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
      if (children !== '') for (const child of children.split(' ')) megabytes += residentOf(child);
    }
    return megabytes;
  } catch {
    return 0;
  }
}
