import type { Request, Response } from 'express';
import { call } from '../shared/call';
import { customerOf } from '../shared/customer';
import { waitAbout } from '../shared/latency';
import { HttpError, required } from '../shared/service';
import { productById } from './catalogue';

const checkout = required('CHECKOUT_URL');

/** GET /products/:id: a product with the days its delivery takes. */
export async function getProduct(request: Request, response: Response): Promise<void> {
  const customer = customerOf(request);
  const product = productById(String(request.params.id));
  if (!product) throw new HttpError(404, 'no such product');
  const { days } = await call<{ days: number }>(customer, `${checkout}/delivery/${customer.country}`);
  response.json({ ...product, days });
}

/** GET /prices/:id: for other services. */
export async function getPrice(request: Request, response: Response): Promise<void> {
  await waitAbout(4);
  const product = productById(String(request.params.id));
  if (!product) throw new HttpError(404, 'no such product');
  response.json({ price: product.price });
}
