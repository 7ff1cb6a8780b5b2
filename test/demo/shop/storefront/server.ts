import express from 'express';
import { serve } from '../shared/service';
import { getHome } from './home';
import { getPrice, getProduct } from './products';
import { search } from './search';

const app = express();
app.get('/', getHome);
app.get('/search', search);
app.get('/products/:id', getProduct);
app.get('/prices/:id', getPrice);

void serve(app);
