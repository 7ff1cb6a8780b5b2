import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/json';
import { personalAttribute, readAttributes, writtenAttributes } from '../../../src/model/evaluationContext';

describe('a context that is shared', () => {
  it.each<Record<string, Json>>([
    { plan: 'pro', country: 'NL', version: '4.1.12', beta: true, seats: 250 },
    { targetingKey: 'test-1' },
    { userId: 'user-7', 'session-id': 'example-a' },
    { accountId: 'demo', build: 20_261_123 },
    { locale: 'de-DE', region: 'eu-west-1', time: '12:30' },
  ])('may say %j', (attributes) => {
    expect(personalAttribute(attributes)).toBeNull();
  });

  it.each<[string, Record<string, Json>]>([
    ['email', { email: 'nobody' }],
    ['E-Mail', { 'E-Mail': '' }],
    ['first_name', { first_name: 'Ana' }],
    ['userName', { userName: 'ana' }],
    ['remoteAddress', { remoteAddress: 'x' }],
    ['targetingKey', { plan: 'pro', targetingKey: 'ana-smith' }],
    ['userId', { userId: 4_815_162 }],
    ['user_id', { user_id: 'testanasmith' }],
    ['who', { who: 'ana@acme.dev' }],
    ['from', { from: '10.0.0.17' }],
    ['from', { from: 'fe80::1ff:fe23:4567:890a' }],
    ['device', { device: '3f2504e0-4f89-11d3-9a0c-0305e82c3301' }],
    ['contact', { contact: '+31 20 555 01 23' }],
  ])('may not say who somebody is: %s', (name, attributes) => {
    expect(personalAttribute(attributes)).toBe(name);
  });
});

describe('attributes as a person writes them', () => {
  it('are numbers, true, false and text', () => {
    expect(readAttributes('plan=pro, seats = 5,beta=true, id="7", city="Den Haag, NL"')).toEqual({
      ...{ plan: 'pro', seats: 5, beta: true, id: '7', city: 'Den Haag, NL' },
    });
    expect(readAttributes('')).toEqual({});
    for (const bad of ['plan', '=pro', 'a=b c="d"', 'a="b']) expect(readAttributes(bad)).toBeNull();
  });

  it('are read as they are written, whatever they are', () => {
    const name = fc.stringMatching(/^[a-zA-Z_][\w.-]{0,20}$/);
    const value = fc.oneof(
      fc.string({ maxLength: 40 }).map((text) => text.replaceAll('"', '')),
      fc.boolean(),
      fc.integer(),
    );
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 10, noNullPrototype: true }), (attributes) => {
        expect(readAttributes(writtenAttributes(attributes))).toEqual(attributes);
      }),
    );
  });
});
