import { call } from '../shared/call';
import type { Customer } from '../shared/customer';
import { HttpError, required } from '../shared/service';

const storefront = required('STOREFRONT_URL');

export interface Line {
  product: string;
  quantity: number;
}

/** Prices come from the catalogue, never from the browser. In cents. */
export async function priceOf(customer: Customer, lines: Line[]): Promise<number> {
  if (lines.length === 0) throw new HttpError(400, 'the cart is empty');
  const prices = await Promise.all(
    lines.map(async ({ product, quantity }) => {
      const { price } = await call<{ price: number }>(customer, `${storefront}/prices/${encodeURIComponent(product)}`);
      return price * quantity;
    }),
  );
  return prices.reduce((sum, price) => sum + price, 0);
}
