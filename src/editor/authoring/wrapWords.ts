import type { WrapPlace } from '../../code/api';
import type { L10n } from '../../platform/l10n';
import { quoted } from '../../view/text';

/** Why a selection cannot be put under a flag, and what to do. */
export function whyNotWrapped({ refused, name }: Extract<WrapPlace, { name: unknown }>, { t }: L10n): string {
  switch (refused) {
    case 'language':
      return t('Statements of this language are not wrapped by Sightglass: write the condition by hand.');
    case 'unread':
      return t('Sightglass has not read this file: see “Why Is Nothing Shown Here?”.');
    case 'notWhole':
      return t('This is no selection of whole statements: select from the start of one to the end of one.');
    case 'declaration':
      return t('A declaration does not stand under a condition: select statements inside of it.');
    case 'sharedLine':
      return t('Other code stands on the same lines: put the statements on lines of their own first.');
    case 'value':
      return t('The last of these is the value of the block: behind a flag there would be none where the flag is off.');
    case 'returns':
      return t(
        'The function ends here: behind a flag it would go on where the flag is off. Write below what it does then, and wrap again.',
      );
    case 'usedBelow':
      return t(
        '{0} is declared here and used below: declare it above, or select down to its last use.',
        quoted(name ?? ''),
      );
  }
}

/** Where nothing that asks for a flag could be imitated. */
export function whyNoCall({ t }: L10n): string {
  return t(
    'No call in this file asks for a flag with names that are known here, and none elsewhere that could be written here as it is. Write one (a client, a hook or a wrapper of yours), then wrap again.',
  );
}
