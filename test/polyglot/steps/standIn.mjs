// The stand-in for flagd on one file, as a program of its own: what else the check does must not keep an answer waiting.
import { startStandIn } from '../../servers/shared/flagdStandIn.mjs';

const { ofrep, ports, stop } = await startStandIn({ sources: [process.argv[2]] });
const end = () => void stop().finally(() => process.exit(0));
process.on('disconnect', end);
process.on('SIGTERM', end);
process.send?.({ ofrep, syncPort: ports.sync });
