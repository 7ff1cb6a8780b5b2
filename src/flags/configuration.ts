import { configSchema, type Config } from '../model/config';
import { personalAttribute } from '../model/evaluationContext';
import type { Problem } from '../model/problem';
import { FileError, type Files, type Paths } from '../platform/files';
import type { L10n } from '../platform/l10n';
import { systemTypes, typesWithEither, typesWithSources } from './registry';
import { JsonSyntaxError, parseJson, spanOf } from './jsonText';
import { LineIndex } from './textPosition';

export const CONFIGURATION_NAME = '.sightglass.json';
const MAX_BYTES = 1024 * 1024;

/** A configuration as read; `config` is null when it is not one, and `problems` then say why, at their lines. */
export interface ReadConfiguration {
  readonly path: string;
  readonly config: Config | null;
  readonly problems: readonly Problem[];
}

/** The nearest configuration from a folder upwards, or undefined. */
export async function findConfiguration(folder: string, files: Files, paths: Paths): Promise<string | undefined> {
  for (let at = folder; ; at = paths.dirname(at)) {
    const path = paths.join(at, CONFIGURATION_NAME);
    const stat = await files.stat(path).catch(() => undefined);
    if (stat?.kind === 'file') return path;
    if (paths.dirname(at) === at || at === '.') return undefined;
  }
}

/** Reads a configuration; never rejects. */
export async function readConfiguration(path: string, files: Files, l10n: L10n): Promise<ReadConfiguration> {
  try {
    const data = await files.read(path, MAX_BYTES);
    return parseConfiguration(path, new TextDecoder('utf-8', { fatal: true }).decode(data), l10n);
  } catch (error) {
    const message = FileError.is(error, 'tooLarge')
      ? l10n.t('{0} is larger than 1 MB; it is not read.', path)
      : l10n.t('{0} cannot be read: {1}', path, error instanceof Error ? error.message : String(error));
    return { path, config: null, problems: [{ severity: 'error', code: 'configuration', message, path }] };
  }
}

/** JSONC, whole or not at all: a field that is not understood could be a tightening that is misspelt. */
export function parseConfiguration(path: string, text: string, l10n: L10n): ReadConfiguration {
  const lines = new LineIndex(text);
  const problem = (message: string, span: { readonly offset: number; readonly length: number }): Problem => {
    const end = lines.at(span.offset + span.length);
    const start = lines.at(span.offset);
    return {
      severity: 'error',
      code: 'configuration',
      message,
      path,
      ...start,
      endLine: end.line,
      endColumn: end.column,
    };
  };
  let value: unknown;
  try {
    value = parseJson(text).value;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return { path, config: null, problems: [problem(error.message, { offset: error.offset, length: 1 })] };
  }
  const parsed = configSchema.safeParse(value);
  if (parsed.success) {
    const twice = namedTwice(parsed.data).map(({ at, name }) =>
      problem(l10n.t('"{0}" is named twice: which one a change is for could not be told.', name), spanOf(text, at)),
    );
    if (twice.length > 0) return { path, config: null, problems: twice };
    const sourceless = withoutSource(parsed.data).map(({ at, name }) =>
      problem(
        l10n.t(
          '"{0}" names no source. Add "source": a flag file, a URL (https://…) or flagd\'s sync stream (grpc://host:8015).',
          name,
        ),
        spanOf(text, at),
      ),
    );
    const personal = personalContexts(parsed.data).map(({ at, name, attribute }): Problem => {
      const message = l10n.t(
        '"{0}" is not offered: "{1}" may say who somebody is, and this file is shared. Say what is true of many.',
        name,
        attribute,
      );
      return { ...problem(message, spanOf(text, at)), severity: 'warning' };
    });
    return {
      path,
      config: parsed.data,
      problems: [
        ...sourceless,
        ...looserThanAllowed(parsed.data, l10n).map(({ at, message }): Problem => ({
          ...problem(message, spanOf(text, at)),
          ...({ severity: 'info', code: 'configuration.protected' } as const),
        })),
        ...unknownTypes(parsed.data, l10n).map(({ at, message }): Problem => ({
          ...problem(message, spanOf(text, at)),
          code: 'configuration.type',
        })),
        ...personal,
      ],
    };
  }
  const problems = parsed.error.issues.flatMap((issue) => {
    const at = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => problem(l10n.t('There is no field "{0}" here.', key), spanOf(text, [...at, key])));
    return [problem(l10n.t('{0}: {1}', at.join('.') || CONFIGURATION_NAME, issue.message), spanOf(text, at))];
  });
  return { path, config: null, problems };
}

/** Projects of one system, and environments of one project, that would share an identity: a change could hit the other. */
function namedTwice(config: Config): { readonly at: (string | number)[]; readonly name: string }[] {
  const seen = new Set<string>();
  const again = (...names: string[]): boolean => {
    const id = JSON.stringify(names);
    return seen.has(id) || !seen.add(id);
  };
  return config.systems.flatMap((system, s) =>
    system.projects.flatMap((project, p) => {
      const at = ['systems', s, 'projects', p];
      if (again(system.id, project.name)) return [{ at: [...at, 'name'], name: `${system.id}/${project.name}` }];
      return project.environments.flatMap(({ name }, e) =>
        again(system.id, project.name, name) ? [{ at: [...at, 'environments', e, 'name'], name }] : [],
      );
    }),
  );
}

/** Environments that say nothing of where their flags are, in systems that have no server of their own to ask. */
function withoutSource(config: Config): { readonly at: (string | number)[]; readonly name: string }[] {
  return config.systems.flatMap(({ type, url, projects }, s) =>
    typesWithSources.has(type) && !(url !== undefined && typesWithEither.has(type))
      ? projects.flatMap(({ environments }, p) =>
          environments.flatMap(({ name, source }, e) =>
            source.length === 0 ? [{ at: ['systems', s, 'projects', p, 'environments', e], name }] : [],
          ),
        )
      : [],
  );
}

/** Contexts that may name a person. */
function personalContexts(
  config: Config,
): { readonly at: (string | number)[]; readonly name: string; readonly attribute: string }[] {
  return config.contexts.flatMap(({ name, attributes }, index) => {
    const attribute = personalAttribute(attributes);
    return attribute === null ? [] : [{ at: ['contexts', index, 'attributes', attribute], name, attribute }];
  });
}

/** What is wrong, and where it stands in the configuration. */
interface Said {
  readonly at: (string | number)[];
  readonly message: string;
}

/** What a repository says to loosen has no effect, and is told so. */
function looserThanAllowed(config: Config, { t }: L10n): Said[] {
  return config.systems.flatMap(({ projects }, s) =>
    projects.flatMap(({ environments }, p) =>
      environments.flatMap((environment, e) =>
        environment.protected === false
          ? [
              {
                at: ['systems', s, 'projects', p, 'environments', e, 'protected'],
                message: t(
                  '"protected": false of "{0}" has no effect: a repository can only tighten. Loosen it in your settings.',
                  environment.name,
                ),
              },
            ]
          : [],
      ),
    ),
  );
}

/** Systems of a type that nobody knows: the others are connected. */
function unknownTypes({ systems }: Config, { t }: L10n): Said[] {
  return systems.flatMap(({ type }, s) =>
    systemTypes.includes(type)
      ? []
      : [
          {
            at: ['systems', s, 'type'],
            message: t('"{0}" is no known type of flag system. Known: {1}.', type, systemTypes.join(', ')),
          },
        ],
  );
}
