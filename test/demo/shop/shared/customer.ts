import type { Request } from 'express';

export interface Customer {
  id: string;
  /** ISO 3166 code, upper case. */
  country: string;
}

/** The edge proxy has authenticated the customer and says who it is in headers. */
export function customerOf(request: Request): Customer {
  return { id: request.get('x-customer-id') ?? 'guest', country: request.get('x-country') ?? 'DE' };
}

/** Headers for a call to another service on behalf of the same customer. */
export function headersOf(customer: Customer): Record<string, string> {
  return { 'x-customer-id': customer.id, 'x-country': customer.country };
}
