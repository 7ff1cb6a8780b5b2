import type { Intent } from '../../model/change';
import type { Json } from '../../model/json';
import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import type { Definition } from './definition';
import type { FlagFile } from './flagFile';
import type { FlagsInText } from './flagSyntax';
import { offVariantOf } from '../offVariant';

/**
 * A new flag, off: everyone gets the off variant, whose value is the one that was asked for, else the one that the type
 * has for nothing. A flag that another environment has gets the variants that it has there. Throws {@link PlanError}.
 */
export function newFlag(
  { type, off }: Extract<Intent, { kind: 'create' }>,
  elsewhere: Definition | undefined,
  l10n: L10n,
): Readonly<Record<string, Json>> {
  if (elsewhere) {
    const { variant, reason } = offVariantOf(elsewhere.variants, undefined, l10n);
    if (variant === null)
      throw new PlanError('noOffVariant', l10n.t('"{0}" has no off variant. {1}', elsewhere.key, reason));
    const variants = Object.fromEntries(elsewhere.variants.map(({ name, value }) => [name, value]));
    return { state: 'ENABLED', variants, defaultVariant: variant };
  }
  const value = off === undefined || typeOf(off) !== type ? nothing[type] : off;
  const variants: Json = type === 'boolean' ? { on: true, off: false } : { off: value };
  return { state: 'ENABLED', variants, defaultVariant: 'off' };
}

const nothing = { boolean: false, string: '', number: 0, object: {} } as const;

const typeOf = (value: Json): string => (Array.isArray(value) || value === null ? 'none' : typeof value);

/** The flag's own text as the others of the file are written. */
export function writtenFlag(file: FlagFile, key: string, value: Readonly<Record<string, Json>>): string {
  return file.context.syntax.written(inText(file), key, value);
}

/** The file's text with one more flag at the end of its flags, nothing else changed. */
export function withFlag(file: FlagFile, key: string, written: string): string {
  return file.context.syntax.insert(inText(file), key, written);
}

/** The file's text without a flag, nothing else changed. */
export function withoutFlag(file: FlagFile, key: string): string {
  return file.context.syntax.remove(inText(file), key);
}

const inText = ({ text, definitions, context }: FlagFile): FlagsInText => ({ text, definitions, form: context.form });
