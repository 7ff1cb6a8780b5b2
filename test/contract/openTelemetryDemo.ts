import type { Operation } from '../../src/model/signal';

/** One operation, how it is documented, and the function that answers it, read in the code by hand; null: none there does. */
export interface DemoRow {
  readonly service: string;
  readonly kind: Operation['kind'];
  readonly name: string;
  readonly route?: readonly [method: string, route: string];
  readonly scope?: string;
  /** Where the name comes from. */
  readonly source: 'trace tests' | 'protocol' | 'code' | 'instrumentation';
  readonly answeredBy: string | null;
}

const rpc = (service: string, name: string, answeredBy: string | null): DemoRow => ({
  ...{ service, kind: 'server', name, answeredBy },
  source: 'trace tests',
});
const ofProtocol = (service: string, name: string, answeredBy: string | null): DemoRow => ({
  ...rpc(service, name, answeredBy),
  source: 'protocol',
});
const aspnet = (method: string): DemoRow => ({
  ...rpc('cart', `POST /oteldemo.CartService/${method}`, `src/cart/src/services/CartService.cs#${method}`),
  route: ['POST', `/oteldemo.CartService/${method}`],
});
const started = (service: string, name: string, answeredBy: string | null, source: DemoRow['source'] = 'code') =>
  ({ service, kind: 'internal', name, answeredBy, source }) satisfies DemoRow;
const next = (method: string, route: string, file: string): DemoRow => ({
  ...{ service: 'frontend', kind: 'server', name: `${method} ${route}`, route: [method, route] },
  ...{ source: 'instrumentation', answeredBy: `src/frontend/pages/api/${file}#handler` },
});
const http = (
  service: string,
  name: string,
  route: string,
  answeredBy: string,
  source: DemoRow['source'],
): DemoRow => ({
  ...{ service, kind: 'server', name, route: ['POST', route], answeredBy, source },
});
const scenario = (name: string, fn: string): DemoRow => ({
  ...{ service: 'load-generator', kind: 'root', name, source: 'code' },
  answeredBy: `src/load-generator/script.js#${fn}`,
});

const catalogue = 'src/product-catalog/main.go#';
const currency = 'src/currency/src/server.cpp#';

/**
 * Operations of open-telemetry/opentelemetry-demo. Its trace tests named most spans until they were taken out (before
 * 4cd9752); `demo.proto` names the methods; the other names are literals of its code, or what its instrumentation
 * makes of a route (Next.js, Kafka), which no page of it writes down.
 */
export const demoRows: readonly DemoRow[] = [
  rpc('ad', 'oteldemo.AdService/GetAds', 'src/ad/src/main/java/oteldemo/AdService.java#getAds'),
  started('ad', 'getAdsByCategory', 'src/ad/src/main/java/oteldemo/AdService.java#getAdsByCategory'),
  started('ad', 'getRandomAds', 'src/ad/src/main/java/oteldemo/AdService.java#getRandomAds'),
  aspnet('AddItem'),
  aspnet('GetCart'),
  aspnet('EmptyCart'),
  rpc('checkout', 'oteldemo.CheckoutService/PlaceOrder', 'src/checkout/main.go#PlaceOrder'),
  started(
    'checkout',
    'prepareOrderItemsAndShippingQuoteFromCart',
    'src/checkout/main.go#prepareOrderItemsAndShippingQuoteFromCart',
  ),
  ofProtocol('currency', 'oteldemo.CurrencyService/Convert', `${currency}Convert`),
  ofProtocol('currency', 'oteldemo.CurrencyService/GetSupportedCurrencies', `${currency}GetSupportedCurrencies`),
  http(
    'email',
    'POST /send_order_confirmation',
    '/send_order_confirmation',
    'src/email/email_server.rb#POST /send_order_confirmation',
    'trace tests',
  ),
  started('email', 'send_email', 'src/email/email_server.rb#send_email', 'trace tests'),
  started('email', 'sinatra.render_template', null, 'trace tests'),
  rpc('payment', 'grpc.oteldemo.PaymentService/Charge', 'src/payment/index.js#chargeServiceHandler'),
  started('payment', 'charge', 'src/payment/charge.js#charge', 'trace tests'),
  ofProtocol('product-catalog', 'oteldemo.ProductCatalogService/ListProducts', `${catalogue}ListProducts`),
  rpc('product-catalog', 'oteldemo.ProductCatalogService/GetProduct', `${catalogue}GetProduct`),
  rpc('product-catalog', 'oteldemo.ProductCatalogService/SearchProducts', `${catalogue}SearchProducts`),
  http('quote', 'POST /getquote', '/getquote', 'src/quote/app/routes.php#POST /getquote', 'instrumentation'),
  started('quote', 'calculate-quote', 'src/quote/app/routes.php#calculateQuote'),
  rpc(
    'recommendation',
    '/oteldemo.RecommendationService/ListRecommendations',
    'src/recommendation/recommendation_server.py#ListRecommendations',
  ),
  started('recommendation', 'get_product_list', 'src/recommendation/recommendation_server.py#get_product_list'),
  http('shipping', '/get-quote', '/get-quote', 'src/shipping/src/shipping_service.rs#get_quote', 'trace tests'),
  http('shipping', '/ship-order', '/ship-order', 'src/shipping/src/shipping_service.rs#ship_order', 'trace tests'),
  http('agent', 'POST /prompt', '/prompt', 'src/agent/src/agents/agents.py#handle_prompt', 'instrumentation'),
  next('GET', '/api/cart', 'cart.ts'),
  next('POST', '/api/cart', 'cart.ts'),
  next('POST', '/api/checkout', 'checkout.ts'),
  next('GET', '/api/currency', 'currency.ts'),
  next('GET', '/api/data', 'data.ts'),
  next('GET', '/api/products', 'products/index.ts'),
  next('GET', '/api/products/[productId]', 'products/[productId]/index.ts'),
  next('GET', '/api/recommendations', 'recommendations.ts'),
  next('GET', '/api/shipping', 'shipping.ts'),
  started('accounting', 'order-consumed', 'src/accounting/Consumer.cs#ExecuteAsync'),
  {
    ...{ service: 'accounting', kind: 'consumer', name: 'orders receive', source: 'instrumentation' },
    answeredBy: 'src/accounting/Consumer.cs#ExecuteAsync',
  },
  {
    ...{ service: 'fraud-detection', kind: 'consumer', name: 'orders process', source: 'instrumentation' },
    answeredBy: 'src/fraud-detection/src/main/kotlin/frauddetection/main.kt#main',
  },
  scenario('user_session_start', 'onStart'),
  scenario('user_index', 'index'),
  scenario('user_browse_product', 'browseProduct'),
  scenario('user_get_recommendations', 'getRecommendations'),
  scenario('user_get_ads', 'getAds'),
  scenario('user_view_cart', 'viewCart'),
  scenario('user_add_to_cart', 'addToCart'),
  scenario('user_checkout_single', 'checkout'),
  scenario('user_checkout_multi', 'checkoutMulti'),
  scenario('user_flood_home', 'floodHome'),
];
