import type { ApiProfile } from '../rest/apiClient';

/** Flipt's REST API. Servers have no limits of their own; what stands before them may, and is obeyed. */
export const fliptProfile: ApiProfile = {
  name: 'Flipt',
  headers: {},
  tokenOptional: true,
  limits: { windowMs: 10_000, remaining: () => null, resetMs: () => null },
  signIn: ({ t }) => t('Sign in with a client token of the server ("authentication.methods.token").'),
  askFor: ({ t }) => t('Ask for a token whose policy allows to update flags of this environment and namespace.'),
  // Not implemented: storage that nobody may write to. A stale revision is 409, as everywhere.
  refusalOf: (status) => (status === 501 || status === 405 ? 'invalid' : undefined),
};
