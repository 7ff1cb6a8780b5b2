/** Longest inlay hint VS Code shows whole (`editor.inlayHints.maximumLength`), in UTF-16 units. */
export const inlineLimit = 43;

const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Keys and names mostly are: nothing in it could forge anything, and thousands of them are shown. */
const plain = /^[!-~]*$/;

/** Text from outside on one line: control, bidi and zero-width characters could forge what surrounds them. */
export function oneLine(text: string, most = 200): string {
  if (text.length <= most && plain.test(text)) return text;
  return clip(
    text
      .slice(0, most * 4)
      .replace(controls, ' ')
      .replace(/\s+/gu, ' ')
      .trim(),
    most,
  );
}

/** At most `most` UTF-16 units, ending in `…` when cut, never through a surrogate pair. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most <= 1) return '…';
  const end = text.codePointAt(most - 2) !== undefined && isHighSurrogate(text, most - 2) ? most - 2 : most - 1;
  return `${text.slice(0, end)}…`;
}

function isHighSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Variants and keys are quoted, so that one called `25%` never looks like a share. */
export function quoted(name: string): string {
  return `"${oneLine(name).replaceAll('"', '\u2033')}"`;
}

/**
 * Status bars, CodeLenses and pick lists draw `$(name)` as an icon: in text from outside it is parted by a space of no
 * width, which looks the same and draws none.
 */
export function iconless(text: string): string {
  return text.replaceAll('$(', '$\u200b(');
}

/** Notifications and prompts make links, to commands too, of `[text](target)`: parted likewise in what is from outside. */
export function linkless(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}

/** Text as a page shows it: whatever stands in it stays text. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** Joins what is there with the middle dot of all our lines. */
export function dotted(...parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part): part is string => typeof part === 'string' && part !== '').join(' · ');
}

/**
 * The fullest text within the limit, or null: every tail is tried with every head, longest tails first, so that heads
 * give way before tails do.
 */
export function tryFit(heads: readonly string[], tails: readonly string[], limit = inlineLimit): string | null {
  for (const tail of tails) {
    for (const head of heads) {
      const text = dotted(head, tail);
      if (text !== '' && text.length <= limit) return text;
    }
  }
  return null;
}

/** The least of a tail that still tells one state from another. */
const leastTail = 6;

/**
 * As {@link tryFit}; when nothing fits, as in a language of long words, the shortest head with what there is room for
 * of the shortest tail, its window kept; else that head alone. Cut, but never through a number.
 */
export function fit(heads: readonly string[], tails: readonly string[], limit = inlineLimit): string {
  const fitting = tryFit(heads, tails, limit);
  if (fitting !== null) return fitting;
  const head = heads.at(-1) ?? '';
  const tail = tails.at(-1) ?? '';
  const room = limit - dotted(head, ' ').length + 1;
  return tail !== '' && room >= leastTail ? dotted(head, squeezed(tail, room)) : clipWhole(head, limit);
}

/** A state gives way to the window behind it. */
function squeezed(tail: string, room: number): string {
  const at = tail.lastIndexOf(' · ');
  const window = at < 0 ? '' : tail.slice(at);
  const words = room - window.length;
  return window !== '' && words >= leastTail
    ? `${clipWhole(tail.slice(0, at), words)}${window}`
    : clipWhole(tail, room);
}

/** As {@link clip}, with a number left out that would be cut. */
function clipWhole(text: string, most: number): string {
  const cut = clip(text, most);
  return cut !== text && /[\d.,]…$/u.test(cut) ? cut.replace(/[\d.,\s]*…$/u, '…') : cut;
}
