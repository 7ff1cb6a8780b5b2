import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../../src/telemetry/otlp/outcome';
import { cleanRoute, cleanSpanName } from '../../../../src/telemetry/otlp/spanNames';

describe('span names', () => {
  it('loses ids, tokens and query strings', () => {
    const cases: Record<string, string> = {
      'GET /users/17?x=1': 'GET /users/{id}',
      'GET /users/user-8f3a': 'GET /users/{id}',
      'GET /orders/0af76519-16cd-43dd-8448-eb211c80319c/items': 'GET /orders/{id}/items',
      'POST /mail/ana@acme.example': 'POST /mail/{id}',
      'GET /files/deadbeef00': 'GET /files/{id}',
      'GET https://ana:pw@api.acme.dev/v2/users/9': 'GET https://api.acme.dev/v2/users/{id}',
      'process order 12345': 'process order {id}',
      'job-20261122': '{id}',
      'send mail to ana@acme.example': 'send mail to {id}',
      'GET /search?q=secret#top': 'GET /search',
      'GET /s;jsessionid=abc': 'GET /s',
    };
    for (const [raw, clean] of Object.entries(cases)) expect([raw, cleanSpanName(raw, null)]).toEqual([raw, clean]);
  });

  it('leaves what is a template or names a kind of work', () => {
    for (const name of [
      'GET /api/v1/orders/:id',
      'GET /orders/{orderId}',
      'CartController.add',
      'charge-card',
      'shop.Cart/AddItem',
      'oauth2 login',
      'GET',
      'nightly report',
    ])
      expect(cleanSpanName(name, null)).toBe(name);
    expect(cleanSpanName('GET /api/2fa/setup', '/api/2fa/setup')).toBe('GET /api/2fa/setup');
    expect(cleanRoute('/search?q=secret')).toBe('/search');
    expect(cleanRoute('/users/[id]/posts')).toBe('/users/[id]/posts');
  });

  it('is the same when cleaned again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('/', '?', ' ', '17', 'users', '@')), { maxLength: 8 }),
        (parts) => {
          const once = cleanSpanName(parts.join(''), null);
          expect(cleanSpanName(once, null)).toBe(once);
          expect(once).not.toContain('?');
        },
      ),
    );
  });
});

describe('what counts as an error', () => {
  it('is told by status, HTTP >= 500 and gRPC server codes; 4xx is apart', () => {
    expect(outcomeOf(2, null, null)).toEqual({ error: true, refused: false });
    expect(outcomeOf(0, 500, null)).toEqual({ error: true, refused: false });
    expect(outcomeOf(1, 503, null)).toEqual({ error: true, refused: false });
    expect(outcomeOf(0, 404, null)).toEqual({ error: false, refused: true });
    expect(outcomeOf(2, 404, null)).toEqual({ error: true, refused: false });
    expect(outcomeOf(0, 399, null)).toEqual({ error: false, refused: false });
    for (const code of [2, 4, 12, 13, 14, 15, 'INTERNAL']) expect(outcomeOf(0, null, code).error).toBe(true);
    for (const code of [0, 1, 3, 5, 7, 16, 'NOT_FOUND']) expect(outcomeOf(0, 200, code).error).toBe(false);
  });
});
