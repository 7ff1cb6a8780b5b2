import express from 'express';
import { serve } from '../shared/service';
import { quoteDelivery } from './delivery';
import { placeOrder } from './orders';

const app = express();
app.use(express.json());
app.post('/orders', placeOrder);
app.get('/delivery/:country', quoteDelivery);

void serve(app);
