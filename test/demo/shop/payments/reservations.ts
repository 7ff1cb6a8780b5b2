import type { Request, Response } from 'express';
import { customerOf } from '../shared/customer';
import { authorise, settle } from './cardNetwork';
import { screen } from './fraud';

/** POST /reservations: sets money aside. */
export async function postReservation(request: Request, response: Response): Promise<void> {
  await screen(customerOf(request));
  response.status(201).json({ id: await authorise('reservation') });
}

/** POST /reservations/:id/collect: takes what was set aside. */
export async function postCollect(request: Request, response: Response): Promise<void> {
  response.status(201).json({ id: await settle(String(request.params.id)) });
}
