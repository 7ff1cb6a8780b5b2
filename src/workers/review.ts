import { workerData } from 'node:worker_threads';
import * as z from 'zod';
import { channelRemotes, type RemoteEvents, type RemoteMethods } from '../platform/channelRemotes';
import { translationsSchema } from '../platform/l10n';
import { translatedL10n } from '../platform/memory/l10n';
import { GitError } from '../platform/node/gitProcess';
import { GitRepository } from '../platform/node/gitRepository';
import { makeHome } from '../platform/node/home';
import { loopbackHttp } from '../platform/node/loopbackHttp';
import { nodeHash } from '../platform/node/hash';
import { stderrLog } from '../platform/node/stderrLog';
import { parentChannel } from '../platform/node/workerChannel';
import { rpcClient, rpcServer } from '../platform/rpc';
import type { ReviewAnswer, ReviewEvents, ReviewMethods, ReviewRequest, ReviewWorkerData } from '../review/api';
import { reviewHtml } from '../review/formats/html';
import { markdown } from '../review/formats/markdown';
import { impactTree } from '../review/impactTree';
import type { Missing } from '../review/report';
import { oneLine } from '../view/text';
import { nodeFinderTools } from './finderTools';
import { defaultBase, nameOf } from './review/defaultBase';
import { reviewChange } from './review/reviewChange';

const dataSchema = z.object({
  translations: translationsSchema,
  home: z.string(),
  grammars: z.string(),
  ripgrep: z.array(z.string()),
}) satisfies z.ZodType<ReviewWorkerData>;

const { translations, home, grammars, ripgrep } = dataSchema.parse(workerData);
const l10n = translatedL10n(translations);
const log = stderrLog('review');
const channel = parentChannel();
const remotes = channelRemotes(rpcClient<RemoteMethods, RemoteEvents>(channel));
/** What is named in a list of files. */
const mostNamed = 5;

async function review(request: ReviewRequest, signal: AbortSignal): Promise<ReviewAnswer> {
  const repository = await GitRepository.at(request.folder, signal);
  try {
    const found = request.base === null ? defaultBase(await repository.branches()) : null;
    const none = { revision: 'HEAD', name: l10n.t('the last commit') };
    const { revision, name } = found ?? (request.base === null ? none : { revision: request.base, name: request.base });
    const { report, parted } = await reviewChange(
      {
        ...request,
        ...{ base: revision, baseName: name, listed: null, exclude: [] },
      },
      repository,
      {
        tools: await nodeFinderTools({ grammars, ripgrep, storage: null }),
        ...{ grammars, home: await makeHome(home), http: loopbackHttp, remotes, l10n, signal },
        step: (step) => server.emit('step', step),
        err: (text) => log.warn(text.trim()),
      },
    );
    const whole = { ...report, missing: [...unsavedWords(request.unsaved), ...report.missing] };
    return { kind: 'report', report: whole, tree: impactTree(whole, parted, l10n), top: repository.top, parted };
  } finally {
    repository.dispose();
  }
}

function unsavedWords(paths: readonly string[]): Missing[] {
  if (paths.length === 0) return [];
  const names = paths.slice(0, mostNamed).map((path) => oneLine(path));
  const rest = paths.length - names.length;
  const words = l10n.t('Edits that are not saved are not looked at: {0}', names.join(', '));
  return [{ source: 'git', words: rest > 0 ? `${words}${l10n.t(' and {0} more', rest)}` : words }];
}

/** Why there is nothing to show, where git says so. */
function refusal(error: unknown): ReviewAnswer {
  if (!(error instanceof GitError)) throw error;
  const kinds = { missing: 'noGit', noRepository: 'noRepository', failed: 'cannot' } as const;
  return { kind: kinds[error.reason], words: oneLine(error.message, 500) };
}

const methods: ReviewMethods = {
  review: (request, signal) => review(request, signal).catch(refusal),
  branches: async ({ folder }, signal) => {
    const repository = await GitRepository.at(folder, signal).catch(() => null);
    try {
      const all = (await repository?.branches()) ?? null;
      return (
        all && {
          branches: all
            .filter(({ leadsTo }) => leadsTo === null)
            .map(({ ref, isCurrent }) => ({ name: nameOf(ref), isCurrent })),
          defaultBase: defaultBase(all)?.name ?? null,
        }
      );
    } finally {
      repository?.dispose();
    }
  },
  write: async ({ report, format }) => {
    switch (format) {
      case 'markdown':
        return markdown(report, l10n);
      case 'html':
        return reviewHtml(report, l10n, nodeHash);
      case 'json':
        return `${JSON.stringify(report, null, 2)}\n`;
    }
  },
};
const server = rpcServer<ReviewEvents>(channel, methods);
