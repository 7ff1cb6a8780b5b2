/** A syntax error of a text that people write: what, and the offset it stands at. */
export class TextSyntaxError extends Error {
  override readonly name: string = 'TextSyntaxError';
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}
