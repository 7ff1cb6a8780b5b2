import type { Intent } from '../../model/change';
import type { Json } from '../../model/json';
import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import { flowText } from '../yaml/yamlText';
import { KEY } from './flagSchema';

/**
 * A new flag, off: a boolean one that is not enabled, or a variant flag whose only variant, `off`, is its default. Throws
 * {@link PlanError}.
 */
export function newFlag(
  key: string,
  { type }: Extract<Intent, { kind: 'create' }>,
  { t }: L10n,
): Readonly<Record<string, Json>> {
  if (!KEY.test(key))
    throw new PlanError(
      'unsupported',
      t('Keys of Flipt have letters, digits, "-", "_" and "," only: "{0}" is none.', key),
    );
  if (type === 'boolean') return { key, name: key, type: 'BOOLEAN_FLAG_TYPE', enabled: false };
  if (type === 'string')
    return {
      key,
      name: key,
      type: 'VARIANT_FLAG_TYPE',
      enabled: true,
      variants: [{ key: 'off', name: 'off', default: true }],
    };
  throw new PlanError('unsupported', t('Flipt has boolean flags and variants by name. Make this one in Flipt itself.'));
}

/** As an item of a list of a file, with the blanks before its dash and this line end. */
export function writtenFlag(value: Readonly<Record<string, Json>>, indent: string, eol: string): string {
  const lines = Object.entries(value).flatMap(([name, item]) =>
    Array.isArray(item)
      ? [`${name}:`, ...item.flatMap((each: Json) => `${indent}- ${flowText(each)}`)]
      : [`${name}: ${flowText(item)}`],
  );
  return lines.map((line, at) => `${indent}${at === 0 ? '- ' : '  '}${line}`).join(eol);
}
