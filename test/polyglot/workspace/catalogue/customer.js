const { setTimeout: sleep } = require('node:timers/promises');

/** The edge has authenticated the customer and says who it is in headers. */
function customerOf(request) {
  return { targetingKey: request.get('x-customer-id') ?? 'guest', cohort: Number(request.get('x-cohort') ?? 99) };
}

/** Stands in for a database: waits about so long, a sixth more or less. */
function waitAbout(milliseconds) {
  return sleep(milliseconds * (0.85 + 0.3 * Math.random()));
}

/** Stands in for a partner that at times does not answer. */
function failsOnce(inSoMany) {
  return Math.random() < 1 / inSoMany;
}

module.exports = { customerOf, failsOnce, waitAbout };
