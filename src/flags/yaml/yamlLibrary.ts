import type * as yaml from 'yaml';

/** The yaml package (https://eemeli.org/yaml/), loaded with the first file that needs it: few windows do. */
export type Yaml = typeof yaml;

export function loadYaml(): Promise<Yaml> {
  return import('yaml');
}
