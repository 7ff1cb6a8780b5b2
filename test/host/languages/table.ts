import { absent, featureNames, features } from './features';
import { fixtures, languageNames } from './fixtures';

/**
 * `docs/languages.md`, out of the very lists that the suite in VS Code runs over: each cell is one test there. Long rows:
 * features are rows, languages columns would not fit a page.
 */
export function languagesPage(): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = languageNames.map((language) =>
    row([fixtures[language].title, ...featureNames.map((feature) => absent(feature, language)?.cell ?? 'works')]),
  );
  return `# What works in which language

Each cell is one test in VS Code 1.100 and 1.139 as they come, without extensions for the languages: \`test/host/suites/languages.test.ts\` runs over the lists that this page is made of, and holds what is absent to be so too. Change them there, then \`node test/languagesPage.mjs\`.

${[row(['Language', ...featureNames.map((feature) => features[feature])]), row(['---', ...featureNames.map(() => '---')]), ...rows].join('\n')}

- Definition leads from a key, or from a name that stands for it, to where the flag is defined: its flag file, else a page of what its system says of it. Where VS Code does not follow names itself, the constant that holds the key comes first.
- References are those in code, tests and flag files of all folders of the window. At a name in TypeScript and JavaScript, what goes through that very name is listed by VS Code, and ours are the others.
- Renaming never changes a key: it is what the flag is known by where it is served. At the text that a constant holds, the constant is renamed, by the language's own extension; without one, it says that there is none.
- Callers of a wrapper are those that the language's own extension tells where there is one, else those that the finder follows. At a key they are always the finder's.
- A selection is wrapped in a flag as the file itself asks for flags, and shown first. In a file without such a call it is written as most calls of the folder are that could stand there as they are, with the import that they need; clients that are made in each file, and what is awaited, are not taken from elsewhere. Vue's and Svelte's composables hand out what is watched, which is no condition: there it is not offered.
- Undefined flags are told of SDKs that may ask a connected system.
- Flags are among the symbols of the workspace, by key, in every language alike.
`;
}
