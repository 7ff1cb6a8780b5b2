// The server of flagd's sync stream that benches listen to: flagd itself behind a tap on its wire, else the stand-in.
import { flagdBinary, flagdHow, startFlagd } from '../flagd.mjs';
import { hasStandIn, standInHow, startStandIn } from './flagdStandIn.mjs';
import { startWireTap } from './wireTap.mjs';

export const pushingFlagdHow = `${flagdHow}; or the stand-in: ${standInHow}`;
export const hasPushingFlagd = () => flagdBinary() !== null || hasStandIn();

/** As `startFlagd`; `called` says which server it is, and `onSent` works with both. */
export async function startPushingFlagd(of) {
  if (flagdBinary() === null) return { ...(await startStandIn(of)), called: 'the stand-in for flagd' };
  const server = await startFlagd(of);
  const tap = await startWireTap(server.ports.sync);
  return {
    ...server,
    called: `flagd ${server.version}`,
    sync: `grpc://127.0.0.1:${tap.port}`,
    onSent: tap.onSent,
    stop: async () => {
      await tap.stop();
      await server.stop();
    },
  };
}
