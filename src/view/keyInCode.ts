/**
 * Whether a text can stand between the quotes of any language that is written as it is: no quote ends it, nothing in it
 * is escaped, replaced or ends the line. Keys and variants come from servers and files: what is not plain is not written
 * into code for anybody.
 */
export const isPlainInCode = (text: string): boolean => /^[^'"`\\$#{}\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u.test(text);
