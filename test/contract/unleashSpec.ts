import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Exchange } from './unleashWorld';

type Schema = Readonly<Record<string, unknown>>;
interface Operation {
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >;
}
interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface Ajv {
  addSchema(schema: object, key: string): void;
  compile(
    schema: object,
  ): ((value: unknown) => boolean) & { errors?: readonly { instancePath: string; message?: string }[] };
}

/** What of what was said does not fit the server's own OpenAPI: requests always, answers where they were successes. */
export function checkedAgainstSpec(
  document: unknown,
  exchanges: readonly Exchange[],
): { problems: string[]; checked: { requests: number; responses: number } } {
  const spec = document as Spec;
  // The validator that Unleash itself brings; OpenAPI's formats are none of JSON Schema's.
  const load = createRequire(resolve(import.meta.dirname, '../../.cache/servers/unleash/package.json'));
  const { Ajv } = load('ajv') as { Ajv: new (options: object) => Ajv };
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'spec', components: spec.components }, 'spec');
  const compiled = new Map<Schema, ReturnType<Ajv['compile']>>();
  const fits = (schema: Schema, value: unknown): string | null => {
    let check = compiled.get(schema);
    if (!check)
      compiled.set(
        schema,
        (check = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"spec#/')) as object)),
      );
    return check(value) ? null : JSON.stringify(check.errors?.slice(0, 3));
  };
  const problems = new Set<string>();
  const checked = { requests: 0, responses: 0 };
  for (const { request, response } of exchanges) {
    const { pathname } = new URL(request.url);
    // Only the commercial editions have them.
    if (pathname.includes('/change-requests')) continue;
    const template = Object.keys(spec.paths).find((path) => matches(path, pathname));
    const operation = template && spec.paths[template]?.[request.method.toLowerCase()];
    const where = `${request.method} ${pathname}`;
    if (!operation) {
      problems.add(`${where} is not in the specification`);
      continue;
    }
    const body = operation.requestBody?.content?.['application/json']?.schema;
    if (body && request.body) {
      checked.requests += 1;
      const wrong = fits(body, json(request.body));
      if (wrong !== null) problems.add(`request ${where}: ${wrong}`);
    }
    const answer = operation.responses?.[String(response.status)]?.content?.['application/json']?.schema;
    if (answer && response.status === 200 && response.body.length > 0) {
      checked.responses += 1;
      const wrong = fits(answer, json(response.body));
      if (wrong !== null) problems.add(`answer ${where}: ${wrong}`);
    }
  }
  return { problems: [...problems], checked };
}

const json = (body: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(body)) as unknown;

function matches(template: string, path: string): boolean {
  const [a, b] = [template.split('/'), path.split('/')];
  return a.length === b.length && a.every((part, index) => part.startsWith('{') || part === b[index]);
}
