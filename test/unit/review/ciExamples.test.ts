import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseReviewOptions } from '../../../src/cli/review/reviewOptions';
import { markdownMarker } from '../../../src/review/formats/markdown';

const read = (name: string): unknown =>
  parse(readFileSync(join(import.meta.dirname, '../../../docs/examples', name), 'utf8'));
const report = `${markdownMarker}\nnew`;

interface Comment {
  readonly id: number;
  readonly by: string;
  readonly body: string;
}
const strangers: readonly Comment[] = [
  { id: 1, by: 'mallory', body: `${markdownMarker}\nforged` },
  { id: 2, by: 'robot', body: 'something else' },
  ...Array.from({ length: 120 }, (_, index) => ({ id: 10 + index, by: 'ana', body: 'talk' })),
];

/** A discussion in which `robot` is the one that comments. */
class Discussion {
  readonly written: { readonly id: number | null; readonly body: string }[] = [];
  constructor(readonly comments: readonly Comment[]) {}
  page(number: number): readonly Comment[] {
    return this.comments.slice((number - 1) * 100, number * 100);
  }
}

type Run = (...of: unknown[]) => Promise<unknown>;
const scriptOf = (text: string, ...names: string[]): Run => new AsyncFunction(...names, text);
const AsyncFunction = (async () => undefined).constructor as new (...of: string[]) => Run;

async function onGitHub(discussion: Discussion): Promise<void> {
  const { jobs } = read('github-review.yml') as {
    jobs: { review: { steps: { name?: string; with?: { script?: string } }[] } };
  };
  const script = jobs.review.steps.find(({ name }) => name === 'Comment')?.with?.script ?? '';
  const write = (id: number | null, body: string): Promise<void> => {
    discussion.written.push({ id, body });
    return Promise.resolve();
  };
  const issues = {
    listComments: 'list',
    updateComment: (of: { comment_id: number; body: string }) => write(of.comment_id, of.body),
    createComment: (of: { issue_number: number; body: string }) => {
      expect(of.issue_number).toBe(7);
      return write(null, of.body);
    },
  };
  const listed = discussion.comments.map(({ id, by, body }) => ({
    ...{ id, body, user: by === 'robot' ? { login: 'github-actions[bot]' } : { login: by } },
  }));
  const github = { rest: { issues }, paginate: () => Promise.resolve(listed) };
  const context = { repo: { owner: 'acme', repo: 'shop' }, issue: { number: 7 } };
  await scriptOf(script, 'github', 'context', 'require')(github, context, () => ({ readFileSync: () => report }));
}

async function onGitLab(discussion: Discussion): Promise<void> {
  const { 'production-impact': job } = read('gitlab-review.yml') as { 'production-impact': { script: string[] } };
  const [, script = ''] = /<<'JS'\n([\s\S]*)\nJS\n?$/.exec(job.script.at(-1) ?? '') ?? [];
  expect(script).not.toBe('');
  const answer = (value: unknown): unknown => ({ ok: true, json: () => Promise.resolve(value) });
  const fetched = (url: string, { method, body, headers }: { method: string; body?: string; headers: object }) => {
    expect(headers).toMatchObject({ 'private-token': 'secret' });
    const { pathname, searchParams } = new URL(url);
    if (pathname === '/api/v4/user') return answer({ id: 42 });
    const at = /^\/api\/v4\/projects\/5\/merge_requests\/7\/notes(?:\/(\d+))?$/.exec(pathname);
    if (!at) throw new Error(`${method} ${url}`);
    if (method !== 'GET') {
      const sent = JSON.parse(body ?? '') as { body: string };
      expect(method).toBe(at[1] === undefined ? 'POST' : 'PUT');
      discussion.written.push({ id: at[1] === undefined ? null : Number(at[1]), body: sent.body });
      return answer({});
    }
    return answer(
      discussion
        .page(Number(searchParams.get('page')))
        .map(({ id, by, body: said }) => ({ id, body: said, author: { id: by === 'robot' ? 42 : 43 } })),
    );
  };
  const env = {
    ...{ CI_API_V4_URL: 'https://gitlab.example/api/v4', CI_PROJECT_ID: '5', CI_MERGE_REQUEST_IID: '7' },
    SIGHTGLASS_NOTE_TOKEN: 'secret',
  };
  const text = script.replace(/^import .*\n/, '');
  await scriptOf(text, 'fetch', 'process', 'readFileSync')(fetched, { env }, () => report);
}

describe.each([
  ['GitHub Actions', onGitHub],
  ['GitLab CI', onGitLab],
])('the example for %s', (_, run) => {
  it('comments once where it has not yet, whoever else writes its marker', async () => {
    const discussion = new Discussion(strangers);
    await run(discussion);
    expect(discussion.written).toEqual([{ id: null, body: report }]);
  });

  it('keeps its own comment current', async () => {
    const discussion = new Discussion([...strangers, { id: 900, by: 'robot', body: `${markdownMarker}\nold` }]);
    await run(discussion);
    expect(discussion.written).toEqual([{ id: 900, body: report }]);
  });
});

it('the commands of the examples are commands', () => {
  for (const name of ['github-review.yml', 'gitlab-review.yml']) {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/examples', name), 'utf8');
    const [, rest = ''] = /dist\/cli\.js review (.*?)(?: > report|; \})/.exec(text) ?? [];
    const words = rest.split(' ').map((word) => word.replaceAll('"', '').replace('$1', 'markdown'));
    expect(parseReviewOptions(words)).toMatchObject({ format: 'markdown' });
  }
});
