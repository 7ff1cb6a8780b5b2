import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceFolders } from '../../../src/telemetry/match/serviceFolders';
import { factsRequestSchema } from '../../../src/telemetry/owner/wire';
import { foldersByService } from '../../../src/telemetry/match/serviceManifests';

const of = (path: string, ...lines: readonly string[]) => ({ path, text: `${lines.join('\n')}\n` });

describe('which folders services are built from', () => {
  it('is said by compose: build, context, dockerfile with variables, and the name telemetry is given', () => {
    const compose = of(
      'compose.yaml',
      'x-logging: &logging',
      '  driver: none',
      'services:',
      '  # Business',
      '  till:',
      '    build: ./apps/checkout # here',
      '    environment:',
      '      - OTEL_SERVICE_NAME=checkout',
      '  cart:',
      '    build:',
      '      context: ./',
      '      dockerfile: ${CART_DOCKERFILE}',
      '    environment:',
      '      OTEL_SERVICE_NAME: "cart-api"',
      '  database:',
      '    image: postgres',
      'networks:',
      '  till:',
      '    build: ./nowhere',
    );
    const env = of('.env', 'CART_DOCKERFILE=./src/cart/src/Dockerfile', '# OTHER=1');
    expect(foldersByService([compose, env])).toEqual({
      till: ['apps/checkout'],
      checkout: ['apps/checkout'],
      cart: ['src/cart'],
      'cart-api': ['src/cart'],
    });
  });

  it('is said by Dockerfiles, .env files, scripts, packages, modules and Kubernetes', () => {
    expect(
      foldersByService([
        of('a/Dockerfile', 'FROM node', 'ENV OTEL_SERVICE_NAME=alpha'),
        of('b/.env', 'OTEL_SERVICE_NAME="beta"'),
        of(
          'c/package.json',
          '{',
          '  "name": "@shop/gamma",',
          '  "scripts": { "start": "OTEL_SERVICE_NAME=gamma-api node ." }',
          '}',
        ),
        of('d/go.mod', 'module example.com/shop/delta', '', 'go 1.22'),
        of('e/k8s/deployment.yaml', 'env:', '  - name: OTEL_SERVICE_NAME', '    value: epsilon'),
        of('package.json', '{', '  "name": "everything"', '}'),
      ]),
    ).toEqual({
      alpha: ['a'],
      beta: ['b'],
      gamma: ['c'],
      'gamma-api': ['c'],
      delta: ['d'],
      epsilon: ['e'],
    });
  });

  it('is never above the workspace, nor undone by what is none', () => {
    expect(foldersByService([of('compose.yaml', 'services:', '  a:', '    build: ../../../etc')])).toEqual({
      a: ['etc'],
    });
    fc.assert(
      fc.property(
        fc.constantFrom('compose.yaml', 'x/Dockerfile', 'x/package.json', 'x/.env', 'x/go.mod'),
        fc.string(),
        (path, text) => {
          for (const folders of Object.values(
            foldersByService([
              { path, text: `services:\n a:\n  build: ${text}` },
              { path, text },
            ]),
          ))
            for (const folder of folders) expect(folder.split('/')).not.toContain('..');
        },
      ),
    );
  });

  it('answers hostile files at once', () => {
    const started = performance.now();
    for (const text of [
      'module '.repeat(9_000),
      'OTEL_SERVICE_NAME='.repeat(3_600),
      `services:\n${' a:\n'.repeat(16_000)}`,
      `services:\n a:\n${'\n'.repeat(60_000)}`,
      `name: OTEL_SERVICE_NAME${'\n'.repeat(60_000)}`,
    ])
      for (const path of ['compose.yaml', 'x/go.mod', 'x/package.json']) foldersByService([{ path, text }]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('reaches the owner of the store from a window that only reads, with when a flag changed', () => {
    const flags = [{ key: 'beta', at: [], effective: null, offVariant: null, changedAt: 5 }];
    const request = {
      ...{ environment: 'production', windowMinutes: 15, codePaths: [], overrides: {}, services: {}, flags },
      discovered: { till: ['apps/checkout'] },
    };
    expect(factsRequestSchema.parse(JSON.parse(JSON.stringify(request)))).toEqual(request);
  });

  it('leads like the name of a folder: to it, and away from those of others; the configured map goes first', () => {
    const discovered = { till: ['apps/checkout'], unheard: ['apps/other'] };
    const folders = new ServiceFolders({}, ['till', 'cart'], discovered);
    expect(folders.fit('till', 'apps/checkout/a.ts')).toBe(1);
    expect(folders.fit('cart', 'apps/checkout/a.ts')).toBe(-1);
    // Of a service that telemetry does not know, nothing is kept from others.
    expect(folders.fit('cart', 'apps/other/a.ts')).toBe(0);
    const configured = new ServiceFolders({ till: ['elsewhere'] }, ['till', 'cart'], discovered);
    expect(configured.fit('till', 'apps/checkout/a.ts')).toBeNull();
  });
});
