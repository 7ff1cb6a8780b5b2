/**
 * What is known of something that was, or was not, asked of the outside. The first four of the six states that
 * look different to the reader; "no traffic" and "too little" are read from a value that did arrive.
 * Times are epoch milliseconds. A value once known is kept whatever happens next.
 */
export type Answer<T> =
  /** `reason`: what keeps it from being asked (no consent yet, no token); absent when its turn has only not come. */
  | { readonly state: 'notAsked'; readonly reason?: string }
  | { readonly state: 'asking'; readonly since: number; readonly last?: { readonly value: T; readonly at: number } }
  | { readonly state: 'ok'; readonly value: T; readonly at: number }
  | { readonly state: 'tooOld'; readonly value: T; readonly at: number }
  | {
      readonly state: 'unreachable';
      readonly reason: string;
      readonly since: number;
      readonly last?: { readonly value: T; readonly at: number };
    };

/** The newest value an answer carries, in whichever state. */
export function lastKnown<T>(answer: Answer<T>): { readonly value: T; readonly at: number } | undefined {
  switch (answer.state) {
    case 'notAsked':
      return undefined;
    case 'ok':
    case 'tooOld':
      return { value: answer.value, at: answer.at };
    default:
      return answer.last;
  }
}
