import type { Request, Response } from 'express';
import { customerOf } from '../shared/customer';
import { authorise } from './cardNetwork';
import { screen } from './fraud';

/** POST /charges: takes the money in one step. */
export async function postCharge(request: Request, response: Response): Promise<void> {
  await screen(customerOf(request));
  response.status(201).json({ id: await authorise('charge') });
}
