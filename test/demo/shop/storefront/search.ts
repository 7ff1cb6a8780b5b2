import type { Request, Response } from 'express';
import { customerOf } from '../shared/customer';
import { Flag } from '../shared/flagKeys';
import { hasFeature } from '../shared/flags';
import { waitAbout } from '../shared/latency';
import { HttpError } from '../shared/service';
import { catalogue, type Product } from './catalogue';

/** The index has a hiccup now and then, whoever asks. */
const HICCUPS = 0.004;

/** GET /search?q=: products whose name holds the words. */
export async function search(request: Request, response: Response): Promise<void> {
  const words = typeof request.query.q === 'string' ? request.query.q.toLowerCase() : '';
  const ranked = await hasFeature(Flag.RankedSearch, customerOf(request));
  const found = await lookUp(words);
  if (ranked) {
    found.sort((a, b) => b.soldLastWeek - a.soldLastWeek);
  }
  response.json({ found: found.slice(0, 5) });
}

async function lookUp(words: string): Promise<Product[]> {
  await waitAbout(110);
  if (Math.random() < HICCUPS) throw new HttpError(503, 'the search index did not answer');
  return catalogue.filter(({ name }) => name.toLowerCase().includes(words));
}
