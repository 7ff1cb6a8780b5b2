import { sendOrders } from '../telemetrySender.mjs';

const call = 'flags.getBooleanValue(Flag.NewCheckout';
const orders = { route: '/orders', flag: 'new-checkout' };

/** What the reader sees of a flag as its telemetry comes, is little, is enough, and is of yesterday. */
export const journeys = {
  async 'from no traffic to too little to a fact'(at) {
    await at.open('checkout/orders.ts', 23);
    await at.editor.waitForFact(call, /^25% prod · no traffic · \d+m$/);
    await sendOrders(at.receiverPort, { ...orders, variant: 'on', calls: 12 });
    await sendOrders(at.receiverPort, { ...orders, variant: 'off', calls: 40 });
    await at.editor.waitForFact(call, /^25% prod · n 12, too few · \d+m$/);
    await sendOrders(at.receiverPort, { ...orders, variant: 'on', calls: 88, errors: 1 });
    await sendOrders(at.receiverPort, { ...orders, variant: 'off', calls: 260, errors: 3 });
    await at.editor.waitForFact(call, /^25% prod · err 1% vs 1% · \d+m$/);
  },

  async 'what is old says so, until something new comes'(at) {
    await at.open('checkout/orders.ts', 23);
    await at.editor.waitForFact(call, /no traffic/);
    const old = Date.now() - 8 * 60_000;
    await sendOrders(at.receiverPort, { ...orders, variant: 'on', calls: 100, errors: 1, at: old });
    await sendOrders(at.receiverPort, { ...orders, variant: 'off', calls: 300, errors: 3, at: old });
    await at.editor.waitForFact(call, /^25% prod · \d min old$/);
    await sendOrders(at.receiverPort, { ...orders, variant: 'on', calls: 100, errors: 1 });
    await sendOrders(at.receiverPort, { ...orders, variant: 'off', calls: 300, errors: 3 });
    await at.editor.waitForFact(call, /^25% prod · err 1% vs 1% · \d+m$/);
  },
};
