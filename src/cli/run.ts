import { checkCommand } from './checkCommand';
import { parseCommandLine, UsageError, type Command } from './commandLine';
import { evaluateCommand } from './evaluateCommand';
import { explainCommand } from './explain';
import { help } from './help';
import { journalCommand } from './journalCommand';
import { reviewCommand } from './review/reviewCommand';
import { scanWithin } from './scanWithin';
import { statusCommand } from './statusCommand';
import { CannotError, exitCodes, type Surroundings } from './surroundings';
import { systemsCommand } from './systemsCommand';
import { writeCommand } from './write';

/** Runs one command line and resolves with the exit code (see `help.ts`). Never rejects. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await dispatch(parseCommandLine(argv), surroundings);
  } catch (error) {
    if (error instanceof UsageError) {
      surroundings.err(`${error.message}\nsightglass --help says how.\n`);
      return exitCodes.usage;
    }
    if (error instanceof CannotError) surroundings.err(`${error.message}\n`);
    else if (!surroundings.signal.aborted) {
      surroundings.err(`${error instanceof Error ? error.message : String(error)}\n`);
    }
    return exitCodes.couldNotAsk;
  }
}

async function dispatch(command: Command, surroundings: Surroundings): Promise<number> {
  switch (command.name) {
    case 'help':
      surroundings.out(help);
      return exitCodes.done;
    case 'version':
      surroundings.out(`${surroundings.version}\n`);
      return exitCodes.done;
    case 'scan':
      return scanWithin(command, surroundings);
    case 'check':
    case 'unused':
    case 'undefined':
      return checkCommand(command, surroundings);
    case 'review':
      return reviewCommand(command, surroundings);
    case 'explain':
      return explainCommand(command, surroundings);
    case 'status':
      return statusCommand(command, surroundings);
    case 'change':
    case 'undo':
      return writeCommand(command, surroundings);
    case 'evaluate':
      return evaluateCommand(command, surroundings);
    case 'journal':
      return journalCommand(command, surroundings);
    case 'systems':
      return systemsCommand(command, surroundings);
  }
}
