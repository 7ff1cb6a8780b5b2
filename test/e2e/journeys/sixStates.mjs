import assert from 'node:assert/strict';
import { hangingOwner } from '../hangingOwner.mjs';
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

  async 'switched off, not asked, asking, unreachable, and back'(at) {
    const { editor, flags, workbench, receiverPort, home } = at;
    await at.open('checkout/orders.ts', 23);
    await editor.waitForFact(call, /no traffic/);
    await workbench.openContainer('Sightglass');
    await sendOrders(receiverPort, { ...orders, variant: 'on', calls: 100, errors: 1 });
    await sendOrders(receiverPort, { ...orders, variant: 'off', calls: 300, errors: 3 });
    await editor.waitForFact(call, /^25% prod · err 1% vs 1% · \d+m$/);

    at.settings({ 'sightglass.receiver.enabled': false });
    await editor.waitForFact(call, /^25% prod$/);
    await flags.waitForFact('new-checkout', /^25% prod$/);

    // The next owner hangs: for as long as it is not settled whose the store is, nothing has been asked of it.
    const owner = await hangingOwner({ home, port: receiverPort });
    try {
      at.settings({});
      await editor.waitForFact(call, /^25% prod · …$/);
      assert.deepEqual(
        owner.asked.filter((path) => path.endsWith('/facts')),
        [],
      );
      await editor.waitForFact(call, /^25% prod · asking…$/);
      assert.ok(owner.asked.some((path) => path.endsWith('/facts')));
      await flags.waitForFact('new-checkout', /^25% prod · asking…$/);
      await editor.waitForFact(call, /^25% prod · unreachable$/);
      await flags.waitForFact('new-checkout', /^25% prod · unreachable$/);
      const hover = await editor.hover(call, 'NewCheckout');
      const { words } = await hover.row('production');
      assert.match(words, /unreachable/);
      assert.match(await hover.text(), /no answer|did not answer|timed? ?out|within/i);
      await editor.closeHover();
    } finally {
      await owner.end();
    }
    // The window takes the store over, and what was stored before is there.
    await editor.waitForFact(call, /^25% prod · err 1% vs 1% · \d+m$/);
    await flags.waitForFact('new-checkout', /^25% prod · err 1% vs 1%/);
  },
};
