import express from 'express';
import { serve } from '../shared/service';
import { postCharge } from './charges';
import { postCollect, postReservation } from './reservations';

const app = express();
app.use(express.json());
app.post('/charges', postCharge);
app.post('/reservations', postReservation);
app.post('/reservations/:id/collect', postCollect);

void serve(app);
