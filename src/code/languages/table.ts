import { javascript } from './javascript';
import type { LanguageSupport } from './language';
import { tsx, typescript } from './typescript';

export const languages: readonly LanguageSupport[] = [typescript, tsx, javascript];

const byExtension = new Map(
  languages.flatMap((language) => language.extensions.map((ext) => [ext, language] as const)),
);

/** Language of a file by its name; undefined for files the finder does not read. */
export function languageOf(path: string): LanguageSupport | undefined {
  const dot = path.lastIndexOf('.');
  return dot < 0 ? undefined : byExtension.get(path.slice(dot).toLowerCase());
}

/** Extensions without their dot, for globs. */
export const sourceExtensions: readonly string[] = [...byExtension.keys()].map((ext) => ext.slice(1));

const testPath =
  /(^|\/)(__tests__|__mocks__|tests?|spec|cypress|e2e|playwright|testHelpers|fixtures)\/|[._-](test|tests|spec|stories|story|cy|jest|e2e)\.[cm]?[jt]sx?$/i;

/** Tests, mocks and stories: what they evaluate is not production's. */
export function isTestPath(path: string): boolean {
  return testPath.test(path);
}
