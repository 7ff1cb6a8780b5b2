const express = require('express');
const { OpenFeature } = require('@openfeature/server-sdk');
const { customerOf, failsOnce, waitAbout } = require('./customer');
const { connectUnleash, startFlags } = require('./flags');

const app = express();
const flags = OpenFeature.getClient('catalogue');

/** GET /products/:id/price */
async function showPrice(request, response) {
  const customer = customerOf(request);
  if (await flags.getBooleanValue('new-pricing', false, customer)) {
    await waitAbout(700);
    if (failsOnce(8)) return response.status(500).json({ error: 'the new price list has no such product' });
    return response.json({ product: request.params.id, price: 1790 });
  }
  await waitAbout(500);
  response.json({ product: request.params.id, price: 1990 });
}

async function main() {
  await startFlags();
  const unleash = await connectUnleash();

  app.get('/products/:id/price', showPrice);

  app.get('/products/:id/points', async (request, response) => {
    const { targetingKey, cohort } = customerOf(request);
    const doubled = unleash.isEnabled('loyalty-points', {
      userId: targetingKey,
      properties: { cohort: String(cohort) },
    });
    await waitAbout(doubled ? 800 : 600);
    if (doubled && failsOnce(10)) return response.status(503).json({ error: 'the points account does not answer' });
    response.json({ points: doubled ? 20 : 10 });
  });

  app.listen(Number(process.env.PORT), '127.0.0.1');
}

void main();
