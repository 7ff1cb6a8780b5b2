// Writes docs/settings.md from what package.json contributes and from the schema of .sightglass.json, or with `--check`
// fails when it is not current.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'docs/settings.md');
const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const texts = read('package.nls.json');
const text = (key) => (key ?? '').replace(/^%(.+)%$/, (_, name) => texts[name] ?? '');
const cell = (value) => String(value).replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (value) => (value === undefined ? '' : `\`${JSON.stringify(value)}\``);

/** Who may set it, in words. */
const scopes = {
  application: 'your settings only',
  machine: 'your settings, for each machine',
  window: 'anywhere',
  undefined: 'anywhere',
};

function settings() {
  const { properties } = read('package.json').contributes.configuration;
  const rows = Object.entries(properties).map(
    ([name, { scope, default: value, markdownDescription, description }]) =>
      `| \`${name}\` | ${code(value)} | ${scopes[scope] ?? scope} | ${cell(text(markdownDescription ?? description))} |`,
  );
  return ['| setting | default | may be set in | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

/** One row a field, parents first. */
function* fields(schema, path) {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (name === '$schema') continue;
    const at = path === '' ? name : `${path}.${name}`;
    yield [at, field, (schema.required ?? []).includes(name)];
    const inner = field.type === 'array' ? field.items : field;
    if (inner?.properties) yield* fields(inner, field.type === 'array' ? `${at}[]` : at);
    else if (typeof inner?.additionalProperties === 'object' && inner.additionalProperties.properties)
      yield* fields(inner.additionalProperties, `${at}.<name>`);
  }
}

function typeOf({ type, enum: values, items, additionalProperties, const: only, anyOf, oneOf }) {
  if (only !== undefined) return JSON.stringify(only);
  if (values) return values.map((value) => JSON.stringify(value)).join(' or ');
  if (anyOf ?? oneOf) return (anyOf ?? oneOf).map(typeOf).join(' or ');
  if (type === 'array') return `list of ${typeOf(items ?? {})}`;
  if (type === 'object' && typeof additionalProperties === 'object') return `name to ${typeOf(additionalProperties)}`;
  return type ?? 'any';
}

function configuration() {
  const rows = [...fields(read('media/schemas/sightglass.schema.json'), '')].map(
    ([name, field, required]) =>
      `| \`${name}\` | ${cell(typeOf(field))}${required ? ', required' : ''} | ${field.type === 'object' ? '' : code(field.default)} | ${cell(field.description ?? '')} |`,
  );
  return ['| field | type | default | what it says |', '|---|---|---|---|', ...rows].join('\n');
}

const page = await format(
  `# Settings

<!-- Made by \`node test/settingsReference.mjs\` from package.json and media/schemas: edit those. -->

## In VS Code

${settings()}

## \`.sightglass.json\`

JSON with comments, committed, without secrets. The nearest one upwards of a file counts, whole. A repository can only
tighten what your own settings say.

${configuration()}
`,
  { ...JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8')), parser: 'markdown' },
);

if (!process.argv.includes('--check')) {
  writeFileSync(file, page);
  console.log('docs/settings.md written');
} else if (page !== readFileSync(file, 'utf8')) {
  console.error('docs/settings.md is not current: run node test/settingsReference.mjs');
  process.exitCode = 1;
}
