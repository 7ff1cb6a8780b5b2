import type { ApiProfile } from '../rest/apiClient';
import { isStaleBase, wantsReview } from './gates';
import { growthBookLimits } from './limits';

/** GrowthBook's REST API (https://docs.growthbook.io/api), whose general error is a 400 whatever is wrong. */
export const growthBookProfile: ApiProfile = {
  name: 'GrowthBook',
  headers: {},
  limits: growthBookLimits,
  signIn: ({ t }) =>
    t('Sign in again with a personal access token or a secret key (secret_…): client keys of SDKs do not do.'),
  askFor: ({ t }) =>
    t('Ask for a role that may edit features of this project and publish in this environment (Engineer).'),
  refusalOf: (status, said) => {
    if (wantsReview(status, said)) return 'approval';
    if (status === 422 && isStaleBase(said)) return 'moved';
    const message = said.message ?? '';
    return status === 400 && /could not find|unknown environment/i.test(message) ? 'notFound' : undefined;
  },
};
