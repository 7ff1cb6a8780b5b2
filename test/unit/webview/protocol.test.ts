import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromDetailPanelSchema, toDetailPanelSchema } from '../../../src/protocol/detailPanel';
import { detailState } from '../../../src/view/detail';
import { chartFormats } from '../../../webview/detail/chartFormats';
import { flag, situation } from '../view/sample';

const { state } = detailState({
  ...situation(),
  ref: flag([]).ref,
  journal: [],
  references: null,
  me: 'ana',
  undoable: () => false,
});

describe('from the panel', () => {
  it.each([
    [{ type: 'ready', protocol: 1 }],
    [{ type: 'act', requestId: 1, action: 'turnOff' }],
    [{ type: 'chooseEnvironment', requestId: 2, environment: 'staging' }],
    [{ type: 'chooseWindow', requestId: 3, minutes: 60 }],
  ])('%j is understood', (message) => {
    expect(fromDetailPanelSchema.parse(message)).toEqual(message);
  });

  it.each([
    [{ type: 'ready', protocol: 2 }],
    [{ type: 'act', requestId: 1, action: '' }],
    [{ type: 'act', requestId: 1, action: 'x'.repeat(201) }],
    [{ type: 'act', requestId: -1, action: 'turnOff' }],
    [{ type: 'chooseWindow', requestId: 3, minutes: 0 }],
    [{ type: 'apply', requestId: 3, plan: {} }],
    [null],
  ])('%j is refused', (message) => {
    expect(fromDetailPanelSchema.safeParse(message).success).toBe(false);
  });

  it('an act carries an id and nothing that a command could take for arguments', () => {
    const forged = { type: 'act', requestId: 1, action: 'turnOff', ref: { key: 'x' }, consent: true };
    expect(fromDetailPanelSchema.parse(forged)).toEqual({ type: 'act', requestId: 1, action: 'turnOff' });
  });

  it('anything at all is either understood or refused, never thrown at', () => {
    fc.assert(fc.property(fc.anything(), (message) => void fromDetailPanelSchema.safeParse(message)));
  });
});

describe('to the panel', () => {
  it('carries a state and replies, and refuses what is too much', () => {
    expect(toDetailPanelSchema.safeParse({ type: 'state', state }).success).toBe(true);
    expect(toDetailPanelSchema.safeParse({ type: 'reply', requestId: 1, ok: true }).success).toBe(true);
    expect(toDetailPanelSchema.safeParse({ type: 'reply', requestId: 1, ok: false, error: 'no' }).success).toBe(true);
    expect(toDetailPanelSchema.safeParse({ type: 'reply', requestId: 1, ok: false }).success).toBe(false);
    const endless = { ...state, times: Array.from({ length: 1_501 }, (_, index) => index) };
    expect(toDetailPanelSchema.safeParse({ type: 'state', state: endless }).success).toBe(false);
  });
});

describe('the numbers of a chart', () => {
  it('have their unit, in the display language', () => {
    expect([0, 0.041, null].map(chartFormats('en', 'share').value)).toEqual(['0%', '4.1%', '–']);
    expect([0.48, 1.23].map(chartFormats('en', 'seconds').value)).toEqual(['480 ms', '1.2 sec']);
    expect(chartFormats('de', 'share').value(0.041)).toBe('4,1\u00a0%');
  });
});
