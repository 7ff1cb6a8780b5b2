import { blade } from './blade';
import { csharp } from './csharp';
import { erb } from './erb';
import { go } from './go';
import { haml } from './haml';
import { html } from './html';
import { java } from './java';
import { javascript } from './javascript';
import { kotlin } from './kotlin';
import type { LanguageSupport } from './language';
import { php } from './php';
import { python } from './python';
import { razor } from './razor';
import { ruby } from './ruby';
import { rust } from './rust';
import { shell } from './shell';
import { svelte } from './svelte';
import { swift } from './swift';
import { tsx, typescript } from './typescript';
import { vue } from './vue';

export const languages: readonly LanguageSupport[] = [
  typescript,
  tsx,
  javascript,
  python,
  go,
  java,
  kotlin,
  swift,
  csharp,
  razor,
  html,
  vue,
  svelte,
  shell,
  ruby,
  erb,
  haml,
  php,
  blade,
  rust,
];

const byExtension = new Map(
  languages.flatMap((language) => language.extensions.map((ext) => [ext, language] as const)),
);

/** Language of a file by its name; undefined for files the finder does not read. */
export function languageOf(path: string): LanguageSupport | undefined {
  const dot = path.lastIndexOf('.');
  if (dot < 0) return undefined;
  // `page.blade.php` is no `.php`.
  const inner = path.lastIndexOf('.', dot - 1);
  const whole = inner < 0 ? undefined : byExtension.get(path.slice(inner).toLowerCase());
  return whole ?? byExtension.get(path.slice(dot).toLowerCase());
}

/** Extensions without their dot, for globs. */
export const sourceExtensions: readonly string[] = [...byExtension.keys()].map((ext) => ext.slice(1));
