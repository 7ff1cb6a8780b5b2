import { call } from '../shared/call';
import type { Customer } from '../shared/customer';
import { required } from '../shared/service';

const payments = required('PAYMENTS_URL');

/** Takes the money in one step. Returns the payment's id. */
export async function charge(customer: Customer, card: string, amount: number): Promise<string> {
  const { id } = await call<{ id: string }>(customer, `${payments}/charges`, { card, amount });
  return id;
}

/** Sets the money aside on the card. Returns the reservation's id. */
export async function reserve(customer: Customer, card: string, amount: number): Promise<string> {
  const { id } = await call<{ id: string }>(customer, `${payments}/reservations`, { card, amount });
  return id;
}

/** Takes money that was set aside. Returns the payment's id. */
export async function collect(customer: Customer, reservation: string): Promise<string> {
  const url = `${payments}/reservations/${encodeURIComponent(reservation)}/collect`;
  const { id } = await call<{ id: string }>(customer, url, {});
  return id;
}
