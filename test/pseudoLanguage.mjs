// A language that nobody speaks and everybody can read: what comes around the translation, or does not fit, shows in it.

/** Letters of ours never come out as they are, so a plain one was not translated. */
const accented = Object.fromEntries(
  [...'abcdefghijklmnopqrstuvwxyz'].map((letter, index) => [letter, [...'åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž'][index]]),
);
for (const [letter, other] of Object.entries(accented)) accented[letter.toUpperCase()] = other.toUpperCase();

/** What is never translated: our name, placeholders, icons of VS Code, targets of links, commands' and settings' names in Markdown, markup. */
const kept =
  /(\bSightglass\b|\{\d+\}|\$\([a-z-]+\)|\]\([^)]*\)|`[^`]*`|<[^>]*>|https?:\/\/\S+|#[a-z][\w.]*#|\b[\w-]+(?:\.[\w-]+)+\b)/;

/**
 * A message as the pseudo language has it: every letter accented, about 30 % longer, in brackets `［…］`, which show
 * where one ends and whether it was cut. Placeholders stay; a message of placeholders and signs alone has no words.
 * @param {string} message @returns {string}
 */
export function pseudo(message) {
  const parts = message.split(kept);
  const letters =
    parts
      .filter((_, index) => index % 2 === 0)
      .join('')
      .match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return message;
  const said = parts.map((part, index) => (index % 2 === 1 ? part : part.replace(/[a-z]/gi, (sign) => accented[sign])));
  return `［${said.join('')}${'~'.repeat(Math.round(letters * 0.3))}］`;
}

/** @param {Record<string, unknown>} bundle messages by name, or by themselves; notes for translators are left out */
export function pseudoBundle(bundle) {
  const messages = Object.entries(bundle).map(([name, message]) => [
    name,
    typeof message === 'string' ? message : /** @type {{ message: string }} */ (message).message,
  ]);
  return Object.fromEntries(messages.map(([name, message]) => [name, pseudo(/** @type {string} */ (message))]));
}

/**
 * What of a text was not translated: its words of plain letters.
 * @param {string} text @param {readonly (string | RegExp)[]} data what is not ours to translate: names, units by Intl
 * @returns {string[]}
 */
export function untranslated(text, data = []) {
  const rest = data.reduce((left, one) => left.replaceAll(one, ' '), text);
  return rest.match(/[A-Za-z]+/g) ?? [];
}
