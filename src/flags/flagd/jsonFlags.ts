import { FlagText } from '../files/flagText';
import { JsonStyle } from '../files/jsonStyle';
import { parseJson, spanOf } from '../jsonText';
import type { FlagSyntax } from './flagSyntax';

/** flagd's own way: JSON, with comments where somebody put them. */
export const jsonFlags: FlagSyntax = {
  keyed: false,
  valueOf: (text) => parseJson(text).value,
  spanOf,
  editsOf: (text, before) => new FlagText(text, before),
  written({ text, form, definitions }, key, value) {
    const last = [...definitions.values()].at(-1);
    const keyed = form === 'list' ? { key, ...value } : value;
    if (!last) return new JsonStyle(text, '').write(keyed, indentOfFlags(text));
    const style = new JsonStyle(last.text, text.slice(0, last.offset));
    return style.write(keyed, style.indentOf(last.text, 0));
  },
  insert({ text, form }, key, written) {
    const edited = new FlagText(text, '');
    edited.append(['flags'], form === 'list' ? null : key, written);
    return edited.text;
  },
  remove({ text, form, definitions }, key) {
    const edited = new FlagText(text, '');
    edited.remove(['flags', form === 'list' ? [...definitions.keys()].indexOf(key) : key]);
    return edited.text;
  },
};

/** Where the first flag of a file without any will stand. */
function indentOfFlags(text: string): string {
  const outer = /(?:^|\n)([ \t]*)"flags"/.exec(text)?.[1] ?? '  ';
  return outer + outer;
}
