import type { Request, Response } from 'express';
import { OpenFeature } from '@openfeature/server-sdk';
import { customerOf } from '../shared/customer';
import { contextOf } from '../shared/flags';
import { waitAbout } from '../shared/latency';
import { catalogue } from './catalogue';

const flags = OpenFeature.getClient('storefront');

/** GET /: what the home page opens with is an experiment. */
export async function getHome(request: Request, response: Response): Promise<void> {
  const customer = customerOf(request);
  const banner = await flags.getStringValue('home-banner', 'control', contextOf(customer));
  await waitAbout(25);
  if (banner === 'bestseller') {
    const [best] = [...catalogue].sort((a, b) => b.soldLastWeek - a.soldLastWeek);
    response.json({ banner: `Everybody's favourite: ${best?.name ?? ''}` });
  } else if (banner === 'season') {
    response.json({ banner: 'Made for short days' });
  } else {
    response.json({ banner: 'Good things for the house' });
  }
}
