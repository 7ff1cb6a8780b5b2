import * as z from 'zod';
import { nestsDeeper } from '../../platform/yamlNesting';

/** What one entity of a Backstage catalog declares. References are `kind:namespace/name`, in lower case. */
export interface CatalogEntity {
  readonly ref: string;
  readonly kind: string;
  readonly name: string;
  readonly owner: string | null;
  /** File that declares it, and its folder (`''`: the root), relative with `/`. */
  readonly path: string;
  readonly folder: string;
  readonly provides: readonly string[];
  readonly consumes: readonly string[];
  readonly dependsOn: readonly string[];
  readonly dependencyOf: readonly string[];
}

/** That one component uses another, and the file that says so. */
export interface DeclaredEdge {
  readonly client: string;
  readonly server: string;
  /** The API that is consumed; null: a dependency on the component itself. */
  readonly api: string | null;
  readonly path: string;
}

export interface Catalog {
  readonly entities: readonly CatalogEntity[];
  /** What could not be read, in the parser's words. */
  readonly problems: readonly string[];
}

/** Larger files are not catalogs. */
export const mostCatalogBytes = 512 * 1024;
const mostEntities = 500;
const mostNesting = 100;
const mostReferences = 500;
const mostEdges = 20_000;
const mostProblems = 20;
/** Backstage's own bound on names is 63. */
const longestName = 200;

const nameSchema = z.string().trim().min(1).max(longestName);
const namesSchema = z
  .array(z.unknown())
  .max(mostReferences)
  .transform((all) => all.flatMap((one) => nameSchema.safeParse(one).data ?? []))
  .catch([])
  .default([]);
/** The parts of an entity that tell who uses what (Backstage, "Descriptor Format of Catalog Entities"). */
const entitySchema = z.object({
  apiVersion: z.string().regex(/^backstage\.io\//),
  kind: z.string().min(1).max(63),
  metadata: z.object({ name: nameSchema, namespace: nameSchema.optional().catch(undefined) }),
  spec: z
    .object({
      owner: nameSchema.nullish().catch(null),
      providesApis: namesSchema,
      consumesApis: namesSchema,
      dependsOn: namesSchema,
      dependencyOf: namesSchema,
    })
    .prefault({}),
});

export const isCatalogPath = (path: string): boolean => /(?:^|\/)catalog-info\.ya?ml$/.test(path);

/**
 * The entities of a `catalog-info.yaml`, which may hold several documents. What is no entity is left out; one that cannot
 * be read hides no other. Templates' placeholders and values that stand in other files (`$text`) are not followed.
 */
export async function readCatalog(path: string, text: string): Promise<Catalog> {
  const yaml = await import('yaml');
  const entities: CatalogEntity[] = [];
  const problems: string[] = [];
  if (nestsDeeper(text, mostNesting, yaml)) return { entities, problems: ['Nested too deeply to be read.'] };
  // An error made pretty goes through the whole text, and there may be one at every second sign of it.
  const documents = yaml.parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false, prettyErrors: false });
  if (documents.length > mostEntities)
    problems.push(`Read to ${String(mostEntities)} of ${String(documents.length)} documents.`);
  for (const document of [...documents].slice(0, mostEntities)) {
    const [error] = document.errors;
    if (error) {
      if (problems.length < mostProblems) problems.push(`Line ${String(lineAt(text, error.pos[0]))}: ${error.message}`);
      continue;
    }
    let content: unknown;
    try {
      // Aliases of aliases could make gigabytes of a few lines.
      content = document.toJS({ maxAliasCount: 100 });
    } catch (tooMuch) {
      if (problems.length < mostProblems) problems.push(tooMuch instanceof Error ? tooMuch.message : String(tooMuch));
      continue;
    }
    const read = entitySchema.safeParse(content);
    if (read.success) entities.push(entityOf(path, read.data));
  }
  return { entities, problems };
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

function entityOf(path: string, { kind, metadata, spec }: z.output<typeof entitySchema>): CatalogEntity {
  const namespace = metadata.namespace ?? 'default';
  const apis = (names: readonly string[]): string[] => names.map((name) => refOf(name, 'api', namespace));
  const others = (names: readonly string[]): string[] => names.map((name) => refOf(name, 'component', namespace));
  return {
    ref: refOf(metadata.name, kind, namespace),
    kind: kind.toLowerCase(),
    name: metadata.name,
    owner: spec.owner?.replace(/^group:/i, '').replace(/^default\//i, '') ?? null,
    path,
    folder: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '',
    provides: apis(spec.providesApis),
    consumes: apis(spec.consumesApis),
    dependsOn: others(spec.dependsOn),
    dependencyOf: others(spec.dependencyOf),
  };
}

/** `[kind:][namespace/]name`; the namespace that is not named is the entity's own. Not told apart by case. */
function refOf(reference: string, kind: string, namespace: string): string {
  const [, ownKind = kind, ownNamespace = namespace, name = reference] =
    /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/.exec(reference) ?? [];
  return `${ownKind}:${ownNamespace}/${name}`.toLowerCase();
}

/**
 * Which component uses which, as all entities together say. A component's own APIs are no use of another. `isWhole` is
 * false where there are more than are told: all that provide an API times all that consume it can be any number.
 */
export function declaredEdges(entities: readonly CatalogEntity[]): {
  readonly edges: readonly DeclaredEdge[];
  readonly isWhole: boolean;
} {
  const components = new Map(entities.filter(({ kind }) => kind === 'component').map((one) => [one.ref, one]));
  const edges = new Map<string, DeclaredEdge>();
  const add = (
    client: CatalogEntity | undefined,
    server: CatalogEntity | undefined,
    api: string | null,
    at: string,
  ) => {
    if (!client || !server || client.ref === server.ref || edges.size > mostEdges) return;
    const key = JSON.stringify([client.ref, server.ref, api]);
    if (!edges.has(key)) edges.set(key, { client: client.name, server: server.name, api, path: at });
  };
  const providers = new Map<string, CatalogEntity[]>();
  for (const component of components.values())
    for (const api of new Set(component.provides)) {
      const known = providers.get(api);
      if (known) known.push(component);
      else providers.set(api, [component]);
    }
  for (const entity of components.values()) {
    if (edges.size > mostEdges) break;
    const { path } = entity;
    for (const api of new Set(entity.consumes))
      for (const provider of providers.get(api) ?? []) add(entity, provider, api.slice(api.indexOf('/') + 1), path);
    for (const ref of entity.dependsOn) add(entity, components.get(ref), null, path);
    for (const ref of entity.dependencyOf) add(components.get(ref), entity, null, path);
  }
  return { edges: [...edges.values()].slice(0, mostEdges), isWhole: edges.size <= mostEdges };
}

/** The component whose file stands nearest above a path. */
export function componentAbove(entities: readonly CatalogEntity[], path: string): CatalogEntity | null {
  let nearest: CatalogEntity | null = null;
  for (const entity of entities) {
    if (entity.kind !== 'component') continue;
    const isAbove = entity.folder === '' || path.startsWith(`${entity.folder}/`);
    if (isAbove && (nearest === null || entity.folder.length > nearest.folder.length)) nearest = entity;
  }
  return nearest;
}
