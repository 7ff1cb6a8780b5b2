import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConsentRequest } from '../../../src/change/consentPort';
import { EditorConsent } from '../../../src/editor/consent';
import type { TextDiff } from '../../../src/editor/textDiff';
import type { Environment } from '../../../src/model/flag';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { memoryL10n } from '../../../src/platform/memory/l10n';

const host = vi.hoisted(() => ({ showWarningMessage: vi.fn(), showQuickPick: vi.fn(), showInputBox: vi.fn() }));
vi.mock('vscode', () => ({ window: host }));

const never = new AbortController().signal;
const key = 'new](command:workbench.action.terminal.new)checkout';
const environment: Environment = {
  ref: { system: 'flags', project: 'shop', name: 'production' },
  kind: 'live',
  production: true,
  protected: { value: true, because: 'name' },
  readOnly: false,
  telemetryName: 'production',
  sourceName: 'flags.json',
  pollMs: null,
};
const side = { words: '', text: '{}', shares: null };

function request(requirement: ConsentRequest['requirement']): ConsentRequest {
  const ref = { system: 'flags', project: 'shop', key };
  return {
    changeId: 'c',
    plan: {
      id: 'p',
      ref,
      environment: environment.ref,
      intent: { kind: 'kill' },
      direction: 'off',
      before: side,
      after: side,
      notes: [],
      precondition: { kind: 'atomic', token: '' },
      approval: 'none',
      native: '',
      inverse: '',
      madeAt: 0,
    },
    flag: { ref, name: null },
    environment,
    requirement,
    title: `Kill "${key}" in production?`,
    detail: 'Now [click](command:evil).',
    action: 'Kill',
    facts: [],
    suggestedReason: 'Kill it',
    through: 'sidebar',
  };
}
const modal = { kind: 'modal', reasonOptional: true, approval: false } as const;

const show = vi.fn(async () => undefined);
const consent = new EditorConsent({
  who: 'ana',
  clock: new MemoryClock(),
  l10n: memoryL10n,
  diff: { show } as unknown as TextDiff,
});

/** Answers the modal by the titles of its buttons, one a time it is shown. */
function modalAnswers(...titles: (string | undefined)[]): void {
  host.showWarningMessage.mockImplementation(
    async (_title: string, options: { modal?: boolean }, ...items: { title: string }[]) => {
      expect(options.modal).toBe(true);
      const title = titles.shift();
      return items.find((item) => item.title === title);
    },
  );
}

beforeEach(() => vi.resetAllMocks());

describe('consent in the editor', () => {
  it('is the button of the modal, and nothing else', async () => {
    modalAnswers('Kill');
    expect(await consent.ask(request(modal), never)).toMatchObject({ who: 'ana', through: 'sidebar' });
    modalAnswers(undefined);
    expect(await consent.ask(request(modal), never)).toBe(null);
  });

  it('is not given by the list beside the diff, which anybody can accept: the modal asks again', async () => {
    host.showQuickPick.mockImplementation(async (items: string[]) => items[0]);
    modalAnswers('Show diff', undefined);
    expect(await consent.ask(request(modal), never)).toBe(null);
    expect(host.showWarningMessage).toHaveBeenCalledTimes(2);
    expect(show).toHaveBeenCalledOnce();
    modalAnswers('Show diff', 'Kill');
    expect(await consent.ask(request(modal), never)).toMatchObject({ reason: 'Kill it' });
    host.showQuickPick.mockResolvedValue('Cancel');
    modalAnswers('Show diff', 'Kill');
    expect(await consent.ask(request(modal), never)).toBe(null);
  });

  it('is not taken when the change was given up meanwhile', async () => {
    const controller = new AbortController();
    host.showWarningMessage.mockImplementation(async (_title, _options, yes: object) => {
      controller.abort();
      return yes;
    });
    expect(await consent.ask(request(modal), controller.signal)).toBe(null);
  });

  it('wants the very name typed, and makes no link of a name', async () => {
    const typed = { kind: 'typed', flagName: key, reasonRequired: true, approval: false } as const;
    host.showInputBox.mockResolvedValueOnce(key.toUpperCase());
    expect(await consent.ask(request(typed), never)).toBe(null);
    host.showInputBox.mockResolvedValueOnce(key).mockResolvedValueOnce('  ');
    expect(await consent.ask(request(typed), never)).toBe(null);
    host.showInputBox.mockResolvedValueOnce(key).mockResolvedValueOnce('because');
    expect(await consent.ask(request(typed), never)).toMatchObject({ reason: 'because' });
    for (const [options] of host.showInputBox.mock.calls as [
      { prompt: string; validateInput: (text: string) => string | undefined },
    ][]) {
      expect(options.prompt).not.toContain('](');
      expect(options.validateInput('other') ?? '').not.toContain('](');
    }
  });
});
