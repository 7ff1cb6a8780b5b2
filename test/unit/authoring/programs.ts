import { fixtures, plainText, type Fixture, type LanguageName } from '../../host/languages/fixtures';
import { wrappedIn } from './wrapping';

/** What is wrapped in a language's program, and how it reads then. */
interface Wrapped {
  /** As VS Code names the language, where that is not its name here. */
  readonly id?: string;
  /** Statements that stand at `«write»`, with the indentation of their lines but the first. */
  readonly statements: readonly string[];
  /** Around them: the lines before, between and after, where they are indented once more. */
  readonly opens: readonly string[];
  readonly closes: readonly string[];
}

const braces = { closes: ['} else {', '}'] };

/** Vue's and Svelte's composables hand out what is watched, which is no condition: nothing is wrapped there. */
const programs = {
  typescript: {
    statements: ['audit(`a', 'b`);', '// Twice.', `audit('two');`],
    opens: [`if (await isOn('gift-wrapping')) {`],
    ...braces,
  },
  tsx: {
    id: 'typescriptreact',
    statements: [`audit('one');`],
    opens: [`if (useFeature('gift-wrapping')) {`],
    ...braces,
  },
  javascript: {
    statements: [`audit('one');`, `audit('two');`],
    opens: [`if (await isOn('gift-wrapping')) {`],
    ...braces,
  },
  html: { statements: [`show('one');`], opens: [`if (isOn('gift-wrapping')) {`], ...braces },
  python: {
    statements: ['audit("one")', '# Twice.', 'audit("""a', 'b""")'],
    opens: ['if is_on("gift-wrapping"):'],
    closes: ['else:', '\tpass'],
  },
  go: {
    statements: ['audit("one")', 'audit(`a', 'b`)'],
    opens: ['if isOn(ctx, "gift-wrapping") {'],
    ...braces,
  },
  java: {
    statements: ['audit("one");', 'audit("two");'],
    opens: ['if (isOn("gift-wrapping")) {'],
    ...braces,
  },
  kotlin: {
    statements: ['audit("one")', 'audit("two")'],
    opens: ['if (isOn("gift-wrapping")) {'],
    ...braces,
  },
  csharp: {
    statements: ['Audit("one");', 'Audit("two");'],
    opens: ['if (await IsOn("gift-wrapping"))', '{'],
    closes: ['}', 'else', '{', '}'],
  },
  ruby: {
    statements: [`audit('one')`, `audit('two')`],
    opens: [`if on?('gift-wrapping')`],
    closes: ['else', 'end'],
  },
  rust: {
    statements: ['audit("one");', 'audit("two");'],
    opens: ['if is_on(client, "gift-wrapping").await {'],
    ...braces,
  },
  php: {
    statements: [`audit('one');`, `audit('two');`],
    opens: [`if ($this->isOn('gift-wrapping')) {`],
    ...braces,
  },
  swift: {
    statements: ['audit("one")', 'audit("two")'],
    opens: ['if isOn("gift-wrapping") {'],
    ...braces,
  },
} as const satisfies Partial<Record<LanguageName, Wrapped>>;

export type WrappedLanguage = keyof typeof programs;
export const wrappedLanguages = Object.keys(programs) as readonly WrappedLanguage[];

/** The program of a language before and after its statements are wrapped, as the finder and the editor do it. */
export async function wrappedProgram(language: WrappedLanguage): Promise<{
  readonly path: string;
  readonly expected: string;
  readonly written: string;
}> {
  const fixture: Fixture = fixtures[language];
  const { id = language, statements, opens, closes }: Wrapped = programs[language];
  const line = fixture.marked.split('\n').find((one) => one.includes('«write»')) ?? '';
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const unit = indent.startsWith('\t')
    ? '\t'
    : /^(?:java|kotlin|csharp|php|python|rust|swift)$/.test(language) && language !== 'java'
      ? '    '
      : '  ';
  // Lines that go on inside a text keep what is before them.
  const isInText = (at: number): boolean => /^b["`]/.test(statements[at] ?? '');
  const at = (more: string): string =>
    statements.map((one, i) => (isInText(i) ? one : `${indent}${more}${one}`)).join('\n');
  const put = (lines: readonly string[]): string[] => lines.map((one) => indent + one.replace('\t', unit));
  const program = (body: string): string => plainText({ ...fixture, marked: fixture.marked.replace(line, () => body) });
  const written = await wrappedIn({
    ...{ path: fixture.path, language: id, otherwise: true },
    marked: program(`«${at('')}»`.replace(/[«»]/g, (sign) => (sign === '«' ? '\u0001' : '\u0002')))
      .replace('\u0001', '«')
      .replace('\u0002', '»'),
    asked: { key: 'gift-wrapping', text: null },
  });
  return { path: fixture.path, written, expected: program([...put(opens), at(unit), ...put(closes)].join('\n')) };
}

/** As a language's own extension renames the constant: every use of the name, nothing else. */
export function withRenamedConstant(text: string): string {
  return text
    .replace(/\bNEW_CHECKOUT\b/g, 'CHECKOUT_FLAG')
    .replace(/\bNewCheckout\b/g, 'CheckoutFlag')
    .replace(/\bnewCheckout\b/g, 'checkoutFlag');
}
