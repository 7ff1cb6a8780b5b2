import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

type Schema = Readonly<Record<string, unknown>>;
interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema: { readonly type?: string };
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>;
}
interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface SpokenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** Instructions that the vendor's own text describes and the hand-written subset leaves out. */
const targets = ['addTargets', 'removeTargets'];

/** LaunchDarkly's OpenAPI as a judge of what is said: path, query, headers and body of requests, bodies of answers. */
export class LaunchDarklySpec {
  readonly #spec: Spec;
  readonly #ajv = new Ajv({ strict: false, validateFormats: false });
  readonly #compiled = new Map<Schema, ValidateFunction>();
  readonly #semantic: ValidateFunction;
  checkedRequests = 0;
  checkedAnswers = 0;

  static #read: { readonly folder: string; readonly spec: LaunchDarklySpec } | null = null;

  /** Compiling it takes a while: it is done once. */
  static at(folder: string): LaunchDarklySpec {
    if (this.#read?.folder !== folder) this.#read = { folder, spec: new LaunchDarklySpec(folder) };
    return this.#read.spec;
  }

  private constructor(folder: string) {
    const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown;
    this.#spec = json('ld-openapi.trimmed.json') as Spec;
    this.#ajv.addSchema({ $id: 'spec', components: this.#spec.components }, 'spec');
    this.#semantic = this.#ajv.compile(json('semantic-patch.schema.json') as object);
  }

  /** The template of a path, and what is wrong with the request; `template` null: there is no such operation. */
  request({ method, url, headers, body }: SpokenRequest): { template: string | null; problems: string[] } {
    const template = this.#template(url.pathname, method);
    const operation = template === null ? undefined : this.#spec.paths[template]?.[method.toLowerCase()];
    const where = `${method} ${url.pathname}`;
    if (!operation) return { template: null, problems: [`${where} is not in the specification`] };
    this.checkedRequests += 1;
    const problems: string[] = [];
    const known = new Map(
      (operation.parameters ?? []).filter((each) => each.in === 'query').map((one) => [one.name, one]),
    );
    for (const [name, value] of url.searchParams) {
      const type = known.get(name)?.schema.type;
      if (!known.has(name)) problems.push(`${where}: no query parameter "${name}"`);
      else if (type === 'integer' && !/^\d+$/.test(value)) problems.push(`${where}: ${name}=${value} is no integer`);
      else if (type === 'boolean' && !/^(true|false|0|1)$/.test(value)) problems.push(`${where}: ${name}=${value}`);
    }
    const said = (name: string): string => String(headers[name] ?? '');
    if (said('authorization') === '' || said('authorization').startsWith('Bearer'))
      problems.push(`${where}: the token goes raw into Authorization`);
    if (said('ld-api-version') !== '20240415') problems.push(`${where}: LD-API-Version ${said('ld-api-version')}`);
    const schema = operation.requestBody?.content['application/json']?.schema;
    if (body === undefined) {
      if (schema) problems.push(`${where}: no body`);
      return { template, problems };
    }
    if (!schema) problems.push(`${where}: takes no body`);
    if (said('content-type') !== 'application/json') problems.push(`${where}: Content-Type ${said('content-type')}`);
    const wrong = schema ? this.#fits(schema, body) : null;
    if (wrong !== null) problems.push(`${where}: ${wrong}`);
    const { instructions } = body as { instructions?: readonly { kind: string }[] };
    for (const instruction of instructions ?? [])
      if (!targets.includes(instruction.kind) && !this.#semantic({ instructions: [instruction] }))
        problems.push(`${where}: instruction ${JSON.stringify(instruction)}`);
    return { template, problems };
  }

  /** What of an answer does not fit; null where nothing is said of it. */
  answer(method: string, template: string, status: number, body: unknown): string | null {
    const operation = this.#spec.paths[template]?.[method.toLowerCase()];
    const schema = operation?.responses[String(status)]?.content?.['application/json']?.schema;
    if (!schema) return null;
    this.checkedAnswers += 1;
    return this.#fits(schema, body);
  }

  #template(pathname: string, method: string): string | null {
    const parts = pathname.split('/');
    const fits = Object.keys(this.#spec.paths).filter((path) => {
      const wanted = path.split('/');
      return (
        wanted.length === parts.length &&
        this.#spec.paths[path]?.[method.toLowerCase()] !== undefined &&
        wanted.every((part, at) => (part.startsWith('{') ? parts[at] !== '' : part === parts[at]))
      );
    });
    // The one that names most.
    return fits.sort((a, b) => a.split('{').length - b.split('{').length)[0] ?? null;
  }

  #fits(schema: Schema, value: unknown): string | null {
    let check = this.#compiled.get(schema);
    if (!check) {
      const own = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"spec#/')) as object;
      this.#compiled.set(schema, (check = this.#ajv.compile(own)));
    }
    return check(value) ? null : JSON.stringify(check.errors?.slice(0, 3));
  }
}
