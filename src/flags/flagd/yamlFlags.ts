import { flowText, YamlText, yamlSpanOf } from '../yaml/yamlText';
import type { Yaml } from '../yaml/yamlLibrary';
import { parseYaml, valueOf, YamlSyntaxError, type YamlPair } from '../yaml/yamlSyntax';
import type { FlagsInText, FlagSyntax } from './flagSyntax';
import { YamlEdits } from './yamlEdits';

/** Flags in YAML, as flagd reads it: a map `flags`, here in a block of lines. */
export function yamlFlags(yaml: Yaml): FlagSyntax {
  return {
    keyed: true,
    valueOf: (text) => memberValue(text, yaml),
    spanOf: (text, path) => yamlSpanOf(text, path, yaml),
    editsOf: (text, before) => new YamlEdits(text, before.length - (before.lastIndexOf('\n') + 1), yaml),
    written(file, key, value) {
      const { column, unit, eol } = styleOf(file);
      const [[first, start] = ['state', 'ENABLED'], ...others] = Object.entries(value);
      const edited = new YamlText(`${flowText(key)}:${eol}${' '.repeat(unit)}${first}: ${flowText(start)}`, yaml);
      for (const [name, item] of others) edited.set([name], item);
      return edited.text.replaceAll('\n', `\n${' '.repeat(column)}`);
    },
    insert(file, _key, written) {
      const { text, definitions } = file;
      const { column, eol } = styleOf(file);
      const last = [...definitions.values()].at(-1);
      const line = `${eol}${' '.repeat(column)}${written}`;
      if (!last) return text.replace(emptyFlags, (_whole, name: string) => `${name}${line}`);
      const end = lineEnd(text, last.offset + last.text.length);
      return text.slice(0, end) + line + text.slice(end);
    },
    remove({ text, definitions }, key) {
      const found = definitions.get(key);
      if (!found) return text;
      const start = text.lastIndexOf('\n', found.offset - 1);
      const from = text[start - 1] === '\r' ? start - 1 : start;
      const to = lineEnd(text, found.offset + found.text.length);
      const rest = text.slice(to);
      if (definitions.size > 1) return text.slice(0, from) + rest;
      return `${text.slice(0, from).trimEnd()} {}${rest}`;
    },
  };
}

/** The value of `key: value`. Throws {@link YamlSyntaxError}. */
function memberValue(text: string, yaml: Yaml): unknown {
  const document = parseYaml(text, yaml);
  const { contents } = document;
  const [pair] = yaml.isMap(contents) ? (contents.items as unknown as YamlPair[]) : [];
  if (!pair) throw new YamlSyntaxError('A flag is expected here: a key, and what it is.', 0);
  return pair.value ? valueOf(pair.value, document) : null;
}

const emptyFlags = /^((["']?)flags\2[ \t]*:)[ \t]*(?:\{[ \t]*\})?[ \t]*(?=\r?$)/m;

/** Where the keys of a file's flags stand, and how much deeper what they are. */
function styleOf({ text, definitions }: FlagsInText): { column: number; unit: number; eol: string } {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const last = [...definitions.values()].at(-1);
  if (!last) return { column: 2, unit: 2, eol };
  const column = last.offset - (text.lastIndexOf('\n', last.offset - 1) + 1);
  const inner = /\n( +)[^\s#]/.exec(last.text)?.[1]?.length ?? column + 2;
  return { column, unit: Math.max(1, inner - column), eol };
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}
