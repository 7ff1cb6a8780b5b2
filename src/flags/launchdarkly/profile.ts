import type { ApiProfile } from '../rest/apiClient';
import { launchDarklyLimits } from './limits';

/** LaunchDarkly's REST API. Without `LD-API-Version` the token's own version decides what answers are shaped by. */
export const launchDarklyProfile: ApiProfile = {
  name: 'LaunchDarkly',
  headers: { 'ld-api-version': '20240415' },
  limits: launchDarklyLimits,
  signIn: ({ t }) => t('Sign in again with an access token (api-…): keys of SDKs do not do.'),
  askFor: ({ t }) => t('Ask for the role Writer, or a custom role for this project and environment.'),
  refusalOf: (status, { code }) => {
    // In its own words, that is: a gateway that takes no PATCH says 405 too.
    if (status === 405) return code ? 'approval' : undefined;
    return code === 'optimistic_locking_error' ? 'moved' : undefined;
  },
};
