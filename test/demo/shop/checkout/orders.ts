import type { Request, Response } from 'express';
import { OpenFeature } from '@openfeature/server-sdk';
import { customerOf, type Customer } from '../shared/customer';
import { Flag } from '../shared/flagKeys';
import { contextOf, hasFeature } from '../shared/flags';
import { charge, collect, reserve } from './payments';
import { priceOf, type Line } from './prices';

const flags = OpenFeature.getClient('checkout');

interface Order {
  lines: Line[];
  card: string;
}

/** POST /orders: prices the cart, takes the money, answers with the receipt. */
export async function placeOrder(request: Request, response: Response): Promise<void> {
  const customer = customerOf(request);
  const order = request.body as Order;
  const amount = await priceOf(customer, order.lines);
  const context = contextOf(customer);

  const newCheckout = await flags.getBooleanValue(Flag.NewCheckout, false, context);
  let payment: string;
  if (newCheckout) {
    payment = await reserveThenCollect(customer, order.card, amount);
  } else {
    payment = await charge(customer, order.card, amount);
  }

  const giftWrapping = await flags.getBooleanValue('gift-wrapping', false, context);
  response.status(201).json({ payment, amount, offers: giftWrapping ? ['gift-wrapping'] : [] });
}

/** Two calls where there was one: slower, and the reservation may not have arrived when it is collected. */
async function reserveThenCollect(customer: Customer, card: string, amount: number): Promise<string> {
  const reservation = await reserve(customer, card, amount);
  if (await hasFeature(Flag.WalletPayments, customer)) {
    return `wallet-${reservation}`;
  }
  return collect(customer, reservation);
}
