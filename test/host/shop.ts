import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { SightglassApi } from '../../src/editor/api';

/** A small workspace with one flag file and one service, written into the folder that VS Code has open. */
export const flagFile = 'flags/prod.flagd.json';
export const codeFile = 'src/orders.ts';
export const callLine = 4;

const flags = {
  flags: {
    'new-checkout': {
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: 'off',
      targeting: {
        fractional: [
          ['on', 25],
          ['off', 75],
        ],
      },
    },
    'gift-wrapping': { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' },
  },
};

const configuration = {
  systems: [
    {
      id: 'flags',
      type: 'flagd',
      projects: [
        {
          name: 'shop',
          environments: [
            { name: 'production', kind: 'live', production: true, protected: true, source: [flagFile], pollSeconds: 1 },
          ],
        },
      ],
    },
  ],
};

const code = `import { OpenFeature } from '@openfeature/server-sdk';
const client = OpenFeature.getClient();
export async function placeOrder(): Promise<string> {
  const fresh = await client.getBooleanValue('new-checkout', false);
  if (fresh) return 'new';
  const gift = await client.getBooleanValue('gift-wraping', false);
  return gift ? 'gift' : 'old';
}
`;

export function folder(): vscode.Uri {
  const first = vscode.workspace.workspaceFolders?.[0];
  assert.ok(first, 'VS Code has a folder open');
  return first.uri;
}

export function file(path: string): vscode.Uri {
  return vscode.Uri.joinPath(folder(), path);
}

export async function write(path: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(file(path), new TextEncoder().encode(text));
}

export async function read(path: string): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file(path)));
}

export async function writeShop(): Promise<void> {
  await write(flagFile, `${JSON.stringify(flags, null, 2)}\n`);
  await write(codeFile, code);
  await write('.sightglass.json', `${JSON.stringify(configuration, null, 2)}\n`);
}

export async function openCode(): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(file(codeFile), { preview: false });
}

export function extension(): vscode.Extension<SightglassApi> {
  const found = vscode.extensions.getExtension<SightglassApi>('sightglass.sightglass');
  assert.ok(found, 'the extension is installed');
  return found;
}

export async function api(): Promise<SightglassApi> {
  const exported = await extension().activate();
  await exported.ready;
  return exported;
}

/** Waits until `look` gives something that is not undefined, false or null; says what was last seen when it does not. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  seen: () => unknown = () => undefined,
  ms = 20_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false && value !== null) return value;
    if (Date.now() > end) assert.fail(`${what} within ${ms} ms; last seen: ${JSON.stringify(seen())}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The fact at the end of the call on a 1-based line. */
export function inlineAt(exported: SightglassApi, line: number): string | undefined {
  return exported.facts(file(codeFile))?.inline.find((fact) => fact.line === line)?.text;
}

interface Call {
  readonly variant: string;
  readonly error: boolean;
  readonly milliseconds: number;
}

/** Posts entry spans with one flag evaluation each, as the OpenFeature hook and the HTTP instrumentation send them. */
export async function postCalls(port: number, key: string, calls: readonly Call[], at = Date.now()): Promise<void> {
  const nano = (ms: number): string => `${BigInt(Math.round(ms)) * 1_000_000n}`;
  const text = (name: string, stringValue: string): object => ({ key: name, value: { stringValue } });
  const spans = calls.map(({ variant, error, milliseconds }) => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'POST /orders',
    kind: 2,
    startTimeUnixNano: nano(at - milliseconds),
    endTimeUnixNano: nano(at),
    attributes: [
      text('http.request.method', 'POST'),
      text('http.route', '/orders'),
      text('code.function.name', 'placeOrder'),
      text('code.file.path', 'src/orders.ts'),
      { key: 'http.response.status_code', value: { intValue: error ? '500' : '201' } },
    ],
    events: [
      {
        name: 'feature_flag.evaluation',
        timeUnixNano: nano(at - milliseconds),
        attributes: [
          text('feature_flag.key', key),
          text('feature_flag.result.variant', variant),
          text('feature_flag.provider.name', 'flagd'),
        ],
      },
    ],
    status: error ? { code: 2 } : {},
  }));
  const body = {
    resourceSpans: [
      {
        resource: {
          attributes: [
            text('service.name', 'checkout'),
            text('service.instance.id', 'checkout-1'),
            text('deployment.environment.name', 'production'),
          ],
        },
        scopeSpans: [{ scope: { name: 'test' }, spans }],
      },
    ],
  };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** Twelve hundred calls of the new side, of which 49 fail, and three times as many of the old, of which 22 do. */
export function traffic(): readonly Call[] {
  const side = (variant: string, calls: number, errors: number, milliseconds: number): Call[] =>
    Array.from({ length: calls }, (_, index) => ({ variant, error: index < errors, milliseconds }));
  return [...side('on', 300, 60, 480), ...side('off', 900, 5, 210)];
}
