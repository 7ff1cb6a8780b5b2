import type { Customer } from '../shared/customer';
import { Flag } from '../shared/flagKeys';
import { hasFeature } from '../shared/flags';
import { waitAbout } from '../shared/latency';

/** Asks the screening partner, unless it has been switched off because it is down. */
export async function screen(customer: Customer): Promise<void> {
  if (!(await hasFeature(Flag.FraudScreening, customer))) return;
  await waitAbout(12);
}
