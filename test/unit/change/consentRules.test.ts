import { describe, expect, it } from 'vitest';
import { consentRequirement, missingOnCommandLine, type AskableRequirement } from '../../../src/change/consentRules';
import type { Plan } from '../../../src/model/change';

const directions: Plan['direction'][] = ['off', 'down', 'none', 'on', 'up', 'sideways'];

const requirement = (
  direction: Plan['direction'],
  over: {
    protected?: boolean;
    readOnly?: boolean;
    writable?: 'yes' | 'no' | 'unknown';
    approval?: Plan['approval'];
  } = {},
): ReturnType<typeof consentRequirement> =>
  consentRequirement({
    direction,
    approval: over.approval ?? 'none',
    flagName: 'new-checkout',
    environment: { readOnly: over.readOnly ?? false, protected: { value: over.protected ?? true } },
    writable: over.writable ?? 'yes',
  });

describe('what must be asked', () => {
  it.each(directions)('asks one yes and no reason for %s where nothing is protected', (direction) => {
    expect(requirement(direction, { protected: false })).toEqual({
      kind: 'modal',
      reasonOptional: false,
      approval: false,
    });
  });

  it.each(['off', 'down', 'none'] as const)(
    'asks one yes, with room for a reason, for %s in a protected one',
    (direction) => {
      expect(requirement(direction)).toEqual({ kind: 'modal', reasonOptional: true, approval: false });
    },
  );

  it.each(['on', 'up', 'sideways'] as const)(
    'wants the name typed and a reason for %s in a protected one',
    (direction) => {
      expect(requirement(direction)).toEqual({
        kind: 'typed',
        flagName: 'new-checkout',
        reasonRequired: true,
        approval: false,
      });
    },
  );

  it.each(directions)('refuses %s where configuration or the system says no', (direction) => {
    expect(requirement(direction, { readOnly: true })).toEqual({ kind: 'refused', reason: 'readOnly' });
    expect(requirement(direction, { writable: 'no', protected: false })).toEqual({
      kind: 'refused',
      reason: 'notWritable',
    });
  });

  it("adds the system's approval to our own question", () => {
    expect(requirement('off', { approval: 'required' })).toMatchObject({ kind: 'modal', approval: true });
    expect(requirement('on', { approval: 'required' })).toMatchObject({ kind: 'typed', approval: true });
  });
});

describe('consent on a command line without a terminal', () => {
  const given = (over: { yes?: boolean; reason?: string; flagName?: string | null } = {}) => ({
    yes: over.yes ?? false,
    reason: over.reason ?? '',
    flagName: over.flagName ?? null,
  });
  const open = requirement('on', { protected: false }) as AskableRequirement;
  const down = requirement('down') as AskableRequirement;
  const up = requirement('up') as AskableRequirement;

  it('takes --yes alone where nothing is protected', () => {
    expect(missingOnCommandLine(open, given())).toEqual(['--yes']);
    expect(missingOnCommandLine(open, given({ yes: true }))).toEqual([]);
  });

  it('takes --yes and --reason for off or down in a protected environment', () => {
    expect(missingOnCommandLine(down, given({ yes: true }))).toEqual(['--reason']);
    expect(missingOnCommandLine(down, given({ yes: true, reason: '   ' }))).toEqual(['--reason']);
    expect(missingOnCommandLine(down, given({ reason: 'errors' }))).toEqual(['--yes']);
    expect(missingOnCommandLine(down, given({ yes: true, reason: 'errors' }))).toEqual([]);
  });

  it('wants the very name of the flag for on or up there', () => {
    expect(missingOnCommandLine(up, given({ yes: true, reason: 'ok' }))).toEqual(['--flag-name']);
    expect(missingOnCommandLine(up, given({ yes: true, reason: 'ok', flagName: 'New-Checkout' }))).toEqual([
      '--flag-name',
    ]);
    expect(missingOnCommandLine(up, given({ yes: true, reason: 'ok', flagName: 'new-checkout' }))).toEqual([]);
    expect(missingOnCommandLine(up, given())).toEqual(['--yes', '--reason', '--flag-name']);
  });
});
