// A display language in which our words are pseudo: a language pack as VS Code's marketplace has them, but with nothing
// of VS Code's own, and beside our installed extension the two files a translator would add.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { l10nBundle } from '../l10nMessages.mjs';
import { pseudoBundle } from '../pseudoLanguage.mjs';

const pack = { publisher: 'pseudo', name: 'language', version: '1.0.0' };

/**
 * Before the server starts, after our extension is installed.
 * @param {string} language whose numbers and dates are used, e.g. `de`
 * @param {{ extensions: string, data: string }} folders `data`: the user-data-dir
 */
export async function placePseudoLanguage(language, { extensions, data }) {
  const ours = readdirSync(extensions).find((name) => name.startsWith('sightglass.sightglass-'));
  if (!ours) throw new Error(`Sightglass is not installed in ${extensions}`);
  const at = join(extensions, ours);
  // From the source: the bundle in the repository may be a step behind while messages are being written.
  const bundle = pseudoBundle(JSON.parse(await l10nBundle()));
  const manifest = pseudoBundle(JSON.parse(readFileSync(join(at, 'package.nls.json'), 'utf8')));
  write(join(at, 'l10n', `bundle.l10n.${language}.json`), bundle);
  write(join(at, `package.nls.${language}.json`), manifest);

  const id = `${pack.publisher}.${pack.name}`;
  const folder = join(extensions, `${id}-${pack.version}`);
  mkdirSync(folder, { recursive: true });
  const localizations = [{ languageId: language, translations: [{ id: 'vscode', path: './main.i18n.json' }] }];
  write(join(folder, 'package.json'), {
    ...pack,
    engines: { vscode: '^1.100.0' },
    categories: ['Language Packs'],
    contributes: { localizations },
  });
  write(join(folder, 'main.i18n.json'), { contents: {} });
  write(join(data, 'languagepacks.json'), {
    [language]: {
      hash: 'pseudo',
      extensions: [{ extensionIdentifier: { id }, version: pack.version }],
      translations: { vscode: join(folder, 'main.i18n.json') },
      label: language,
    },
  });
}

/** @param {string} file @param {unknown} value */
function write(file, value) {
  writeFileSync(file, JSON.stringify(value, null, 2));
}
