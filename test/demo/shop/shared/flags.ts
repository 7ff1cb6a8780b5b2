import { OpenFeature } from '@openfeature/server-sdk';
import { EventHook } from '@openfeature/open-telemetry-hooks';
import { FlagFileProvider } from './flagFileProvider';
import type { Customer } from './customer';

const client = OpenFeature.getClient();

/** Reads the flags once, then keeps following the file. Every evaluation is reported as a telemetry event. */
export async function startFlags(file: string): Promise<void> {
  OpenFeature.addHooks(new EventHook());
  await OpenFeature.setProviderAndWait(new FlagFileProvider(file));
}

/** Whether the customer has the feature. Not known or not readable counts as no. */
export function hasFeature(key: string, customer: Customer): Promise<boolean> {
  return client.getBooleanValue(key, false, contextOf(customer));
}

/** What OpenFeature rules may look at. The id decides a customer's bucket in percentage roll-outs. */
export function contextOf(customer: Customer): { targetingKey: string; country: string } {
  return { targetingKey: customer.id, country: customer.country };
}
