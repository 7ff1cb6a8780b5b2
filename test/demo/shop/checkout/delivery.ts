import type { Request, Response } from 'express';
import { customerOf } from '../shared/customer';
import { REGIONAL_DELIVERY } from '../shared/flagKeys';
import { hasFeature } from '../shared/flags';
import { waitAbout } from '../shared/latency';

const DAYS: Record<string, number> = { DE: 1, NL: 2, SE: 3, NO: 4 };

/** GET /delivery/:country: in how many days a parcel arrives. */
export async function quoteDelivery(request: Request, response: Response): Promise<void> {
  const country = String(request.params.country);
  if (await hasFeature(REGIONAL_DELIVERY, customerOf(request))) {
    await waitAbout(15);
    response.json({ country, days: DAYS[country] ?? 7 });
  } else {
    response.json({ country, days: 7 });
  }
}
