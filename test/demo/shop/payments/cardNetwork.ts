import { waitAbout } from '../shared/latency';
import { HttpError } from '../shared/service';

/** The bank loses about one message in three hundred. */
const LOST = 0.003;
/** A reservation reaches the settling side a moment late: this often, collecting comes first and finds nothing. */
const RESERVATION_LATE = 0.12;

/** Stands in for the card network. */
export async function authorise(kind: 'charge' | 'reservation'): Promise<string> {
  await waitAbout(kind === 'charge' ? 130 : 150);
  if (Math.random() < LOST) throw new HttpError(503, 'the card network did not answer');
  return `${kind}-${Math.random().toString(36).slice(2, 12)}`;
}

export async function settle(reservation: string): Promise<string> {
  await waitAbout(150);
  if (Math.random() < RESERVATION_LATE) throw new HttpError(503, `reservation ${reservation} is not known yet`);
  return reservation.replace('reservation', 'payment');
}
