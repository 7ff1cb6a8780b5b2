import { describe, expect, it } from 'vitest';
import { parseCommandLine, UsageError } from '../../../src/cli/commandLine';
import { OptionConsent, TerminalConsent, type Prompt } from '../../../src/cli/terminalConsent';
import type { ConsentRequest } from '../../../src/change/consentPort';
import type { AskableRequirement } from '../../../src/change/consentRules';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { FakeFlagSystem, production, ref, World } from '../change/fakeFlagSystem';

const parse = (line: string) => parseCommandLine(line.split(' '));

describe('the command line', () => {
  it('knows its commands', () => {
    expect(parse('set new-checkout -e production --percentage 25% --variant on')).toMatchObject({
      name: 'change',
      key: 'new-checkout',
      intent: { kind: 'percentage', variant: 'on', share: 0.25 },
      place: { environment: 'production', folder: null, project: null },
      given: { yes: false, reason: '', flagName: null },
      wait: true,
    });
    expect(parse('set k --default blue')).toMatchObject({ intent: { kind: 'defaultVariant', variant: 'blue' } });
    expect(parse('set k --off')).toMatchObject({ intent: { kind: 'switch', on: false } });
    expect(parse('kill k --yes --reason errors --flag-name k --no-wait')).toMatchObject({
      intent: { kind: 'kill' },
      given: { yes: true, reason: 'errors', flagName: 'k' },
      wait: false,
    });
    expect(parse('undo')).toMatchObject({ name: 'undo', id: null });
    expect(parse('journal --json -n 5')).toMatchObject({ name: 'journal', limit: 5, format: 'json' });
    expect(parse('journal --who ana --outcome undone --flag Check -e production --format csv')).toMatchObject({
      filter: { flag: 'Check', environment: 'production', who: 'ana', outcome: 'undone' },
      format: 'csv',
    });
    expect(parse('status k --window 60 --references')).toMatchObject({ windowMinutes: 60, references: true });
    expect(parse('scan src --jsonl --max 3')).toEqual({ name: 'scan', args: ['src', '--jsonl'], max: 3 });
    expect(parse('scan --max=0')).toMatchObject({ args: [], max: 0 });
    expect(parse('set --help')).toEqual({ name: 'help' });
    expect(parse('--version')).toEqual({ name: 'version' });
  });

  it.each([
    'explode',
    'set',
    'set k',
    'set k --on --off',
    'set k --percentage 25 --default on',
    'set k --percentage 101',
    'set k --percentage',
    'set k --percentage many',
    'set k --variant on',
    'set a b --on',
    'kill k --force',
    'status',
    'status k --window 0',
    'undo a b',
    'journal extra',
    'journal --outcome fine',
    'journal --limit 0',
    'journal --limit 2.7',
    'journal --json --format csv',
    'scan --max',
    'scan --max -1',
  ])('does not guess at "%s"', (line) => {
    expect(() => parse(line)).toThrow(UsageError);
  });

  it('wants a command', () => {
    expect(() => parseCommandLine([])).toThrow(UsageError);
  });
});

async function request(requirement: AskableRequirement, share: number): Promise<ConsentRequest> {
  const system = new FakeFlagSystem(new World());
  const intent = share === 0 ? ({ kind: 'kill' } as const) : ({ kind: 'percentage', variant: 'on', share } as const);
  return {
    changeId: 'x',
    plan: await system.plan(ref, production, intent, system.state()),
    flag: { ref, name: null },
    environment: system.environments()[0]!,
    requirement,
    title: 'Kill "new-checkout" in production?',
    detail: 'Now … After …',
    action: 'Kill',
    facts: [],
    suggestedReason: 'Kill "new-checkout" in production',
    through: 'command line',
  };
}

const down = { kind: 'modal', reasonOptional: true, approval: false } as const;
const open = { kind: 'modal', reasonOptional: false, approval: false } as const;
const up = { kind: 'typed', flagName: 'new-checkout', reasonRequired: true, approval: false } as const;
const signal = new AbortController().signal;

/** Answers in order; then the input has ended. */
function terminal(answers: (string | null)[], reason = '') {
  const asked: string[] = [];
  const prompt: Prompt = {
    line: async (question) => {
      asked.push(question);
      return answers.shift() ?? null;
    },
  };
  const given = { yes: true, reason, flagName: 'new-checkout' };
  const clock = new MemoryClock();
  const consent = new TerminalConsent(prompt, { who: 'ana', given, clock, l10n: memoryL10n, say: () => undefined });
  return { consent, asked };
}

describe('the terminal as the modal', () => {
  it('asks whatever options were given', async () => {
    const { consent, asked } = terminal(['n']);
    expect(await consent.ask(await request(down, 0), signal)).toBeNull();
    expect(asked).toEqual(['Kill? [Y/n] ']);
  });

  it('takes the action as the answer to nothing for off, but not for on', async () => {
    expect(await terminal(['', '']).consent.ask(await request(down, 0), signal)).toMatchObject({
      who: 'ana',
      through: 'command line',
      reason: 'Kill "new-checkout" in production',
    });
    expect(await terminal(['']).consent.ask(await request(open, 0.5), signal)).toBeNull();
    expect(await terminal(['y']).consent.ask(await request(open, 0.5), signal)).toMatchObject({ reason: '' });
  });

  it('wants the very name for up, then a reason', async () => {
    expect(await terminal(['y', 'why']).consent.ask(await request(up, 0.5), signal)).toBeNull();
    expect(await terminal(['new-checkout', 'why']).consent.ask(await request(up, 0.5), signal)).toMatchObject({
      reason: 'why',
    });
    expect(await terminal(['new-checkout', ''], 'given').consent.ask(await request(up, 0.5), signal)).toMatchObject({
      reason: 'given',
    });
    // Empty: refused by the change itself, which wants one.
    expect(await terminal(['new-checkout', '']).consent.ask(await request(up, 0.5), signal)).toMatchObject({
      reason: '',
    });
  });

  it('shows a diff that no character of it can turn around', async () => {
    const said: string[] = [];
    const given = { yes: false, reason: '', flagName: null };
    const say = (text: string): void => void said.push(text);
    const clock = new MemoryClock();
    const consent = new TerminalConsent(
      { line: async () => null },
      { who: 'ana', given, clock, l10n: memoryL10n, say },
    );
    const asked = await request(up, 0.5);
    const text = '{ "a": 1, \u202e "b": 2, \u001b[2J }';
    const plan = { ...asked.plan, before: { ...asked.plan.before, text }, after: { ...asked.plan.after, text } };
    await consent.ask({ ...asked, plan }, signal);
    expect(said.join('')).toContain('"b": 2');
    for (const sign of ['\u202e', '\u001b']) expect(said.join('')).not.toContain(sign);
  });

  it('takes the end of input for no', async () => {
    expect(await terminal([]).consent.ask(await request(down, 0), signal)).toBeNull();
    expect(await terminal(['y']).consent.ask(await request(down, 0), signal)).toBeNull();
    expect(await terminal(['new-checkout']).consent.ask(await request(up, 0.5), signal)).toBeNull();
  });

  it('without a terminal says which options are missing', async () => {
    const said: string[] = [];
    const given = { yes: true, reason: '', flagName: null };
    const clock = new MemoryClock();
    const consent = new OptionConsent({ who: 'ana', given, clock, l10n: memoryL10n, say: (text) => said.push(text) });
    expect(await consent.ask(await request(up, 0.5))).toBeNull();
    expect(consent.missing).toEqual(['--reason', '--flag-name']);
    expect(said.join('')).toContain('wanted as well: --reason, --flag-name.');
  });
});
