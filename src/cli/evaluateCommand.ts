import { evaluateEverywhere, type EvaluatedIn } from '../flags/evaluateEverywhere';
import { decidedWords, givenWords } from '../view/evaluatedWords';
import { oneLine } from '../view/text';
import type { Command } from './commandLine';
import { CannotError, exitCodes, type Surroundings } from './surroundings';
import { Workspace } from './workspace';

/**
 * `evaluate KEY --context k=v`: what somebody is given, and by which rule, in one environment or in each. Nothing of the
 * context is kept. JSON is an object for one environment, a list for all.
 */
export async function evaluateCommand(
  { key, context, place, json }: Extract<Command, { name: 'evaluate' }>,
  surroundings: Surroundings,
): Promise<number> {
  const { out, signal } = surroundings;
  const workspace = await Workspace.open(place, surroundings);
  try {
    const found = workspace.flag(key, place);
    const { ref } = found.flag;
    const one = place.environment !== null || found.environments.length === 1;
    const environments = one ? [workspace.environment(found, place)] : found.environments;
    const system = workspace.flags.systemFor(ref);
    if (!system?.evaluateAs)
      throw new CannotError(`${found.project.systemType} is not asked for single contexts from here.`);
    const answers = await evaluateEverywhere(system, ref, environments, context, signal);
    const [only] = answers;
    if (one && only && only.error !== null) throw new CannotError(only.error);
    if (json) {
      const said = answers.map(({ environment, answer, error }) => ({
        ...{ flag: ref, environment: environment.ref },
        ...(answer ?? { error }),
      }));
      out(`${JSON.stringify(one ? said[0] : said)}\n`);
    } else for (const answer of answers) print(answer, one, surroundings);
    return answers.every(({ answer }) => answer === null) ? exitCodes.couldNotAsk : exitCodes.done;
  } finally {
    workspace.dispose();
  }
}

function print({ environment, answer, error }: EvaluatedIn, one: boolean, { out, l10n }: Surroundings): void {
  if (!one) out(`${oneLine(environment.ref.name)}\n`);
  const indent = one ? '' : '  ';
  if (!answer) {
    out(`${indent}${l10n.t('cannot be told')}: ${oneLine(error ?? '', 500)}\n`);
    return;
  }
  out(`${indent}${givenWords(answer, l10n)}  ${oneLine(answer.reason)}\n`);
  const more = [decidedWords(answer, l10n), ...answer.remarks, answer.by];
  for (const line of more) out(`${indent}  ${oneLine(line, 300)}\n`);
}
