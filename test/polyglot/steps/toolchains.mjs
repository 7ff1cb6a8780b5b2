import { spawnSync } from 'node:child_process';

/**
 * @typedef {{ service: string, language: string, needs: string, how: string, tools: [string, ...string[]][] }} Toolchain
 *   `tools`: commands that have to work
 */

/** What each service is built and run with. Node is what runs this. @type {Toolchain[]} */
const toolchains = [
  {
    service: 'catalogue',
    language: 'Node',
    needs: 'Node',
    how: 'https://nodejs.org',
    tools: [[process.execPath, '--version']],
  },
  {
    service: 'recommendations',
    language: 'Python',
    needs: 'Python 3.10 with venv',
    how: 'apt-get install python3-venv',
    tools: [['python3', '-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10)']],
  },
  { service: 'shipping', language: 'Go', needs: 'Go 1.21', how: 'apt-get install golang', tools: [['go', 'version']] },
  {
    service: 'invoices',
    language: 'Java',
    needs: 'a JDK of 17 and Maven',
    how: 'apt-get install default-jdk-headless maven',
    tools: [
      ['javac', '-version'],
      ['mvn', '--version'],
    ],
  },
];

/** @returns {{ there: Toolchain[], missing: Toolchain[] }} */
export function findToolchains() {
  const works = ([command, ...args]) => spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;
  const isThere = ({ tools }) => tools.every(works);
  return { there: toolchains.filter(isThere), missing: toolchains.filter((each) => !isThere(each)) };
}
