import { join, resolve } from 'node:path';
import { CONFIGURATION_NAME } from '../../flags/configuration';
import { GitRepository } from '../../platform/node/gitRepository';
import { nodeHash } from '../../platform/node/hash';
import { reviewHtml } from '../../review/formats/html';
import { markdown } from '../../review/formats/markdown';
import { reviewSarif } from '../../review/formats/sarif';
import { severities, type Report } from '../../review/report';
import { oneLine } from '../../view/text';
import { reviewChange } from '../../workers/review/reviewChange';
import { finder } from '../finder';
import { keysListedIn } from '../listedKeys';
import { serverAccess } from '../serverAccess';
import { exitCodes, type Surroundings } from '../surroundings';
import type { ReviewOptions } from './reviewOptions';

/**
 * `review`: what a change does in production. Nothing is checked out, nothing of the repository is run; configuration is
 * that of the base. Ends with 1 when there is a reason of those that `--fail-on` names. Grammars are read from `grammars`
 * beside the bundle unless another folder is given.
 */
export async function reviewCommand(
  options: ReviewOptions,
  surroundings: Surroundings,
  grammars = join(__dirname, 'grammars'),
): Promise<number> {
  const { out, err, signal, cwd } = surroundings;
  const repository = await GitRepository.at(resolve(cwd, options.folder), signal);
  try {
    const report = await reportOf(options, repository, surroundings, grammars);
    out(written(report, options, surroundings));
    for (const { words } of report.missing) err(`${oneLine(words, 1_000)}\n`);
    const { codes, severity } = options.failOn;
    const fails = report.reasons.some(
      (reason) =>
        codes.includes(reason.code) ||
        (severity !== null && severities.indexOf(reason.severity) <= severities.indexOf(severity)),
    );
    return fails ? exitCodes.tooMany : exitCodes.done;
  } finally {
    repository.dispose();
  }
}

async function reportOf(
  options: ReviewOptions,
  repository: GitRepository,
  surroundings: Surroundings,
  grammars: string,
): Promise<Report> {
  const { http, l10n, signal, err } = surroundings;
  const home = await surroundings.home();
  const { tools } = await finder(grammars);
  const listed = await keysListedIn(options.keysFile);
  const servers = await serverAccess(surroundings);
  try {
    const asked = { ...options, listed, protection: { protected: [], unprotected: [] } };
    const of = { tools, grammars, home, http, remotes: servers.remotes, l10n, signal, err, step: () => undefined };
    return (await reviewChange(asked, repository, of)).report;
  } finally {
    servers.dispose();
  }
}

function written(report: Report, { format }: ReviewOptions, { l10n, version }: Surroundings): string {
  switch (format) {
    case 'markdown':
      return markdown(report, l10n);
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'sarif':
      return reviewSarif(report, version, CONFIGURATION_NAME);
    case 'html':
      return reviewHtml(report, l10n, nodeHash);
  }
}
