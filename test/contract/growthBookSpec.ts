import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

type Schema = Readonly<Record<string, unknown>>;
interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly schema: Schema;
  readonly $ref?: string;
}
interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}
interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
  };
}

/** Paths of the specification are below this. */
const BASE = '/api';

/** GrowthBook's OpenAPI as a judge of what is said: path, query, token and body of requests, bodies of answers. */
export class GrowthBookSpec {
  readonly #spec: Spec;
  readonly #ajv = new Ajv({ strict: false, validateFormats: false, coerceTypes: false });
  readonly #compiled = new Map<Schema, ValidateFunction>();
  checkedRequests = 0;
  checkedAnswers = 0;

  static #read: GrowthBookSpec | null = null;

  /** Compiling it takes a while: it is done once. */
  static at(folder: string): GrowthBookSpec {
    return (this.#read ??= new GrowthBookSpec(folder));
  }

  private constructor(folder: string) {
    // Names with blanks are no references that ajv can follow.
    const text = readFileSync(join(folder, 'spec.trimmed.json'), 'utf8').replaceAll(
      /(?<="|schemas\/)(Safe Rollout Rule|Experiment Rule|Targeting Rule)(?=")/g,
      (name) => name.replaceAll(' ', '_'),
    );
    this.#spec = JSON.parse(text) as Spec;
    const { components } = this.#spec;
    this.#ajv.addSchema({ $id: 'strict', components }, 'strict');
    // Schemas of answers are put together of parts that each forbid what the others have: those could fit nothing at all.
    this.#ajv.addSchema({ $id: 'open', components: opened(components) as object }, 'open');
  }

  /** The template of a path, and what is wrong with the request; `template` null: there is no such operation. */
  request(method: string, url: URL, headers: Readonly<Record<string, unknown>>, body: unknown) {
    const template = this.#template(url.pathname, method);
    const where = `${method} ${url.pathname}`;
    const operation = template === null ? undefined : this.#spec.paths[template]?.[method.toLowerCase()];
    if (!operation) return { template: null, problems: [`${where} is not in the specification`] };
    this.checkedRequests += 1;
    const problems: string[] = [];
    const parameters = (operation.parameters ?? []).map((each) => this.#parameter(each));
    const known = new Map(parameters.filter((each) => each.in === 'query').map((each) => [each.name, each]));
    for (const [name, value] of url.searchParams) {
      const parameter = known.get(name);
      const number = parameter?.schema.type === 'integer';
      if (!parameter) problems.push(`${where}: no query parameter "${name}"`);
      else
        problems.push(...this.#wrong('strict', parameter.schema, number ? Number(value) : value, `${where} ${name}`));
    }
    if (!/^Bearer \S+$/.test(String(headers.authorization))) problems.push(`${where}: no bearer token`);
    const schema = operation.requestBody?.content?.['application/json']?.schema;
    if (body === undefined) return { template, problems: schema ? [...problems, `${where}: no body`] : problems };
    if (!schema) return { template, problems: [...problems, `${where}: takes no body`] };
    if (headers['content-type'] !== 'application/json') problems.push(`${where}: ${String(headers['content-type'])}`);
    return { template, problems: [...problems, ...this.#wrong('strict', schema, body, where)] };
  }

  /** What of an answer does not fit; empty where nothing is said of it. */
  answer(method: string, template: string, status: number, body: unknown): readonly string[] {
    const operation = this.#spec.paths[template]?.[method.toLowerCase()];
    const schema = operation?.responses[String(status)]?.content?.['application/json']?.schema;
    if (!schema) return [];
    this.checkedAnswers += 1;
    return this.#wrong('open', schema, body, `answer to ${method} ${template}`);
  }

  #parameter(parameter: Parameter): Parameter {
    const name = parameter.$ref?.split('/').at(-1);
    return (name === undefined ? undefined : this.#spec.components.parameters[name]) ?? parameter;
  }

  #template(pathname: string, method: string): string | null {
    if (!pathname.startsWith(`${BASE}/`)) return null;
    const parts = pathname.slice(BASE.length).split('/');
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

  #wrong(from: 'strict' | 'open', schema: Schema, value: unknown, where: string): string[] {
    let check = this.#compiled.get(schema);
    if (!check) {
      const own = from === 'open' ? opened(schema) : schema;
      const text = JSON.stringify(own).replaceAll('"#/', `"${from}#/`);
      this.#compiled.set(schema, (check = this.#ajv.compile(JSON.parse(text) as object)));
    }
    return check(value) ? [] : [`${where}: ${JSON.stringify(check.errors?.slice(0, 3))}`];
  }
}

/** Without `additionalProperties: false`. */
function opened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(opened);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) => !(name === 'additionalProperties' && value === false))
      .map(([name, value]) => [name, opened(value)]),
  );
}
