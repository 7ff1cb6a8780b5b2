import { applyEdits, modify, type JSONPath } from 'jsonc-parser';
import type { BackendConfig, SystemConfig } from '../model/config';
import { parseJson } from './jsonText';

/** A system as it is written: what a configuration leaves out stays out. */
export type WrittenSystem = Pick<SystemConfig, 'id' | 'type'> & {
  readonly url?: string;
  readonly projects: readonly {
    readonly name: string;
    readonly folders?: readonly string[];
    readonly environments: readonly Readonly<Record<string, unknown> & { name: string; kind: string }>[];
  }[];
};

/**
 * The text of a configuration with one more system, or, where the same one (type and address) is there, with those of
 * its projects that are not. Comments, order and indentation stay. `null`: there is no file yet. Throws JsonSyntaxError
 * for a text that is no JSON.
 */
export function withSystem(text: string | null, system: WrittenSystem): string {
  if (text === null || text.trim() === '') return `${JSON.stringify({ systems: [system] }, null, 2)}\n`;
  const systems = systemsOf(parseJson(text).value);
  const same = systems.findIndex((one) => one.type === system.type && one.url === system.url);
  if (same === -1)
    return insert(text, ['systems'], systems.length, {
      ...system,
      id: free(
        system.id,
        systems.map(({ id }) => id),
      ),
    });
  const known = projectsOf(systems[same]);
  // A server's projects are named by it; those of files by us, and another file is another project.
  const added =
    system.url === undefined
      ? system.projects.map((project) => ({ ...project, name: free(project.name, known) }))
      : system.projects.filter(({ name }) => !known.includes(name));
  return added.reduce((so, project, at) => insert(so, ['systems', same, 'projects'], known.length + at, project), text);
}

/** A telemetry store as it is written. */
export type WrittenBackend = Pick<BackendConfig, 'id' | 'type' | 'url'> & { readonly tenant?: string };

/**
 * The text of a configuration with one more telemetry store, or as it was where the same one (type, address and tenant) is
 * there. Otherwise as {@link withSystem}.
 */
export function withBackend(text: string | null, backend: WrittenBackend): string {
  if (text === null || text.trim() === '') return `${JSON.stringify({ backends: [backend] }, null, 2)}\n`;
  const backends = recordsIn(parseJson(text).value, 'backends');
  const address = (url: unknown): string => String(url).replace(/\/+$/, '');
  const same = backends.some(
    (one) => one.type === backend.type && address(one.url) === address(backend.url) && one.tenant === backend.tenant,
  );
  if (same) return text;
  const ids = backends.map(({ id }) => id);
  return insert(text, ['backends'], backends.length, { ...backend, id: free(backend.id, ids) });
}

/** An environment by the names that the configuration gives it. */
export interface EnvironmentPlace {
  readonly system: string;
  readonly project: string;
  readonly environment: string;
}

/** The text with the OFREP address of one environment set; as it was where that is not in it. Otherwise as {@link withSystem}. */
export function withOfrep(text: string | null, at: EnvironmentPlace, url: string): string {
  const root = parseJson(text ?? '{}').value;
  const path: (string | number)[] = [];
  let here = root;
  for (const [list, field, name] of [
    ['systems', 'id', at.system],
    ['projects', 'name', at.project],
    ['environments', 'name', at.environment],
  ] as const) {
    const items = recordsIn(here, list);
    const index = items.findIndex((item) => item[field] === name);
    if (index === -1) return text ?? '';
    path.push(list, index);
    here = items[index];
  }
  if (isRecord(here) && here.ofrep === url) return text ?? '';
  return edit(text ?? '', [...path, 'ofrep'], url);
}

const insert = (text: string, list: JSONPath, at: number, value: unknown): string =>
  edit(text, [...list, at], value, true);

function edit(text: string, path: JSONPath, value: unknown, isArrayInsertion = false): string {
  const indent = /\n([ \t]+)"/.exec(text)?.[1];
  const formattingOptions = {
    insertSpaces: indent?.startsWith('\t') !== true,
    tabSize: indent === undefined || indent.startsWith('\t') ? 2 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return applyEdits(text, modify(text, path, value, { formattingOptions, isArrayInsertion }));
}

interface Known {
  readonly id: unknown;
  readonly type: unknown;
  readonly url: unknown;
  readonly projects: unknown;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function recordsIn(value: unknown, name: string): Readonly<Record<string, unknown>>[] {
  const list = isRecord(value) ? value[name] : undefined;
  return (Array.isArray(list) ? list : []).map((one: unknown) => (isRecord(one) ? one : {}));
}

const systemsOf = (value: unknown): Known[] =>
  recordsIn(value, 'systems').map(({ id, type, url, projects }) => ({ id, type, url, projects }));

function projectsOf(system: Known | undefined): unknown[] {
  return Array.isArray(system?.projects)
    ? system.projects.map((project: unknown) => (isRecord(project) ? project.name : undefined))
    : [];
}

function free(wanted: string, taken: readonly unknown[]): string {
  for (let at = 1; ; at++) {
    const name = at === 1 ? wanted : `${wanted}-${String(at)}`;
    if (!taken.includes(name)) return name;
  }
}
