import { describe, expect, it } from 'vitest';
import { finderOf } from './finderHarness';

/** `METHOD template framework: name (kind)` of every route of a file. */
async function routes(sources: Readonly<Record<string, string>>, path: string): Promise<string[]> {
  const { index } = await finderOf(sources);
  const facts = (await index.facts(path))!;
  return facts.codePaths
    .flatMap(({ name, kind, routes: own }) =>
      own.map(({ method, template, framework }) => `${method} ${template} ${framework}: ${name} (${kind})`),
    )
    .sort();
}

async function jobs(source: string, path: string): Promise<string[]> {
  const { index } = await finderOf({ [path]: source });
  return (await index.facts(path))!.codePaths.filter(({ kind }) => kind === 'job').map(({ name }) => name);
}

describe('routes in Python', () => {
  it('Flask: decorators, rules, class views, blueprints under a prefix', async () => {
    const sources = {
      'app.py': `from flask import Flask\nfrom orders import bp, old\nfrom views import CartView\napp = Flask(__name__)\napp.register_blueprint(bp, url_prefix="/api")\n@app.route("/health")\ndef health():\n    return ""\n@app.route("/pay", methods=["POST", "PUT"])\ndef pay():\n    return ""\ndef late(): pass\napp.add_url_rule("/late", view_func=late, methods=["GET"])\napp.add_url_rule("/cart/<int:id>", view_func=CartView.as_view("cart"))\n`,
      'orders.py': `from flask import Blueprint\nbp = Blueprint("orders", __name__)\nold = Blueprint("old", __name__, url_prefix="/old")\n@bp.get("/orders/<id>")\ndef one(id):\n    return ""\n@old.post("/x")\ndef x():\n    return ""\n`,
      'views.py': `from flask.views import MethodView\nclass CartView(MethodView):\n    def get(self, id):\n        return ""\n    def delete(self, id):\n        return ""\n    def helper(self):\n        return ""\n`,
    };
    expect(await routes(sources, 'app.py')).toEqual([
      'GET /health flask: health (route)',
      'GET /late flask: late (route)',
      'POST /pay flask: pay (route)',
      'PUT /pay flask: pay (route)',
    ]);
    expect(await routes(sources, 'orders.py')).toEqual([
      'GET /api/orders/<id> flask: one (route)',
      'POST /old/x flask: x (route)',
    ]);
    const { index } = await finderOf(sources);
    await index.facts('app.py');
    expect(
      (await index.facts('views.py'))!.codePaths.flatMap(({ name, routes: own }) =>
        own.map(({ method, template }) => `${method} ${template} ${name}`),
      ),
    ).toEqual(['GET /cart/<int:id> CartView.get', 'DELETE /cart/<int:id> CartView.delete']);
  });

  it('FastAPI: routers in routers, each with its prefix', async () => {
    const sources = {
      'main.py': `from fastapi import FastAPI\nfrom api import users\napp = FastAPI()\napp.include_router(users.router, prefix="/v1")\n@app.get("/")\nasync def root(): ...\n`,
      'api/users.py': `from fastapi import APIRouter\nrouter = APIRouter(prefix="/users")\n@router.get("/{id}")\nasync def one(id: str): ...\n@router.post("")\nasync def add(): ...\n`,
    };
    expect(await routes(sources, 'main.py')).toEqual(['GET / fastapi: root (route)']);
    expect(await routes(sources, 'api/users.py')).toEqual([
      'GET /v1/users/{id} fastapi: one (route)',
      'POST /v1/users fastapi: add (route)',
    ]);
  });

  it('Django: paths, patterns and what they include', async () => {
    const sources = {
      'shop/urls.py': `from django.urls import include, path\nurlpatterns = [path("orders/", include("orders.urls"))]\n`,
      'orders/urls.py': `from django.urls import path, re_path\nfrom . import views\nurlpatterns = [\n    path("<int:id>/", views.one),\n    re_path(r"^old/(?P<id>[0-9]{4})/$", views.old),\n    path("list/", views.List.as_view()),\n]\n`,
      'orders/views.py': `def one(request, id): ...\ndef old(request, id): ...\nclass List(View):\n    def get(self, request): ...\n`,
    };
    const { index } = await finderOf(sources);
    await index.facts('shop/urls.py');
    expect(
      (await index.facts('orders/views.py'))!.codePaths
        .flatMap(({ name, routes: own }) => own.map(({ method, template }) => `${method} ${template} ${name}`))
        .sort(),
    ).toEqual(['ALL /orders/<int:id> one', 'ALL /orders/old/<id> old', 'GET /orders/list List.get']);
  });

  it('gRPC: methods of servicers', async () => {
    const source = `import demo_pb2_grpc\nclass Recommendations(demo_pb2_grpc.RecommendationServiceServicer):\n    def __init__(self):\n        self.x = 1\n    def ListRecommendations(self, request, context):\n        return x\n    def _prepare(self): ...\n`;
    expect(await routes({ 'a.py': source }, 'a.py')).toEqual([
      'RPC RecommendationService/ListRecommendations grpc: Recommendations.ListRecommendations (route)',
    ]);
  });

  it.each([
    ['from celery import shared_task\n@shared_task(name="mail.send")\ndef send(): ...', ['send']],
    ['from kafka import KafkaConsumer\ndef run():\n    for m in KafkaConsumer("orders"):\n        handle(m)', ['run']],
    ['from confluent_kafka import Consumer\ndef run():\n    c = Consumer({})\n    c.subscribe(["orders"])', ['run']],
    [
      'import pika\ndef on_message(ch, method, props, body): ...\ndef run(ch):\n    ch.basic_consume(queue="orders", on_message_callback=on_message)',
      ['on_message'],
    ],
    ['def run(c):\n    c.subscribe(["orders"])', []],
  ])('jobs: %s', async (source, expected) => {
    expect(await jobs(source, 'a.py')).toEqual(expected);
  });

  it('names spans and their tracer', async () => {
    const source = `from opentelemetry import trace\ntracer = trace.get_tracer("shop")\n@tracer.start_as_current_span("outer")\ndef f():\n    with tracer.start_as_current_span("inner") as span:\n        pass\n# flask: from flask import x\n`;
    const { index } = await finderOf({ 'a.py': source });
    expect((await index.facts('a.py'))!.codePaths.flatMap(({ spans }) => spans)).toEqual([
      { tracer: 'shop', name: 'inner' },
      { tracer: 'shop', name: 'outer' },
    ]);
  });
});

describe('routes in Go', () => {
  it('net/http: functions, methods, patterns, wrapped handlers', async () => {
    const source = `package main
import "net/http"
type server struct{}
func (s *server) one(w http.ResponseWriter, r *http.Request) {}
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {}
func list(w http.ResponseWriter, r *http.Request) {}
func main() {
	s := &server{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", s.one)
	http.HandleFunc("/orders", list)
	mux.Handle("POST example.com/in/{$}", otelhttp.NewHandler(auth(http.HandlerFunc(list)), "in"))
	mux.Handle("/all/", s)
	mux.HandleFunc("/inline", func(w http.ResponseWriter, r *http.Request) {})
	cache.Handle("x", list)
}
`;
    expect(await routes({ 'main.go': source }, 'main.go')).toEqual([
      'ALL /all/ net/http: server.ServeHTTP (route)',
      'ALL /inline net/http: ALL /inline (route)',
      'ALL /orders net/http: list (route)',
      'GET /orders/{id} net/http: server.one (route)',
      'POST /in/ net/http: list (route)',
    ]);
  });

  it('Gin: groups, middleware, routers given to functions of other files', async () => {
    const sources = {
      'go.mod': 'module example.com/shop\n',
      'main.go': `package main
import ("github.com/gin-gonic/gin"; "example.com/shop/orders")
func main() {
	r := gin.Default()
	r.GET("/health", func(c *gin.Context) {})
	api := r.Group("/api")
	v1 := api.Group("/v1", auth)
	v1.POST("/pay", auth, pay)
	orders.Register(v1)
}
func pay(c *gin.Context) {}
`,
      'orders/orders.go': `package orders
import "github.com/gin-gonic/gin"
func Register(g *gin.RouterGroup) {
	g.GET("/orders/:id", one)
	g.Any("/any", one)
}
func one(c *gin.Context) {}
`,
    };
    expect(await routes(sources, 'main.go')).toEqual([
      'GET /health gin: GET /health (route)',
      'POST /api/v1/pay gin: pay (route)',
    ]);
    expect(await routes(sources, 'orders/orders.go')).toEqual([
      'ALL /api/v1/any gin: one (route)',
      'GET /api/v1/orders/:id gin: one (route)',
    ]);
  });

  it('Chi: routes in routes, mounts of what a function makes', async () => {
    const source = `package main
import "github.com/go-chi/chi/v5"
func main() {
	r := chi.NewRouter()
	r.Get("/", home)
	r.Route("/api", func(r chi.Router) {
		r.Use(auth)
		r.With(paged).Get("/orders", list)
		r.Route("/{id}", func(r chi.Router) { r.Delete("/", remove) })
	})
	r.Mount("/admin", admin())
}
func admin() chi.Router {
	r := chi.NewRouter()
	r.Post("/users", list)
	return r
}
func home(w http.ResponseWriter, r *http.Request) {}
func list(w http.ResponseWriter, r *http.Request) {}
func remove(w http.ResponseWriter, r *http.Request) {}
`;
    expect(await routes({ 'main.go': source }, 'main.go')).toEqual([
      'DELETE /api/{id} chi: remove (route)',
      'GET / chi: home (route)',
      'GET /api/orders chi: list (route)',
      'POST /admin/users chi: list (route)',
    ]);
  });

  it('gRPC: methods of what embeds a generated server or is registered, in any file of the package', async () => {
    const sources = {
      'main.go': `package main
import pb "example.com/shop/genproto"
type checkout struct {
	pb.UnimplementedCheckoutServiceServer
	mu sync.Mutex
}
type health struct{}
func main() {
	pb.RegisterCheckoutServiceServer(srv, &checkout{})
	healthpb.RegisterHealthServer(srv, &health{})
}
func (h *health) Check(ctx context.Context, req *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) { return nil, nil }
func (h *health) Watch(req *healthpb.HealthCheckRequest, s healthpb.Health_WatchServer) error { return nil }
`,
      'order.go': `package main
func (cs *checkout) PlaceOrder(ctx context.Context, req *pb.PlaceOrderRequest) (*pb.PlaceOrderResponse, error) { return nil, nil }
func (cs *checkout) prepare(ctx context.Context) {}
func (cs *checkout) String() string { return "" }
`,
    };
    expect(await routes(sources, 'main.go')).toEqual([
      'RPC Health/Check grpc: health.Check (route)',
      'RPC Health/Watch grpc: health.Watch (route)',
    ]);
    expect(await routes(sources, 'order.go')).toEqual([
      'RPC CheckoutService/PlaceOrder grpc: checkout.PlaceOrder (route)',
    ]);
  });

  it.each([
    [
      'package a\nimport "github.com/IBM/sarama"\nfunc (h *handler) ConsumeClaim(s sarama.ConsumerGroupSession, c sarama.ConsumerGroupClaim) error { return nil }',
      ['handler.ConsumeClaim'],
    ],
    [
      'package a\nimport "github.com/nats-io/nats.go"\nfunc on(m *nats.Msg) {}\nfunc run(nc *nats.Conn) { nc.Subscribe("orders", on) }',
      ['on'],
    ],
    [
      'package a\nimport "github.com/robfig/cron/v3"\nfunc run() { cron.New().AddFunc("@daily", func() { clean() }) }',
      ['schedule @daily'],
    ],
    ['package a\nfunc run(nc X) { nc.Subscribe("orders", func() {}) }', []],
  ])('jobs: %s', async (source, expected) => {
    expect(await jobs(source, 'a.go')).toEqual(expected);
  });

  it('names spans and their tracer', async () => {
    const source = `package a\nimport "go.opentelemetry.io/otel"\nvar tracer = otel.Tracer("shop")\nfunc f(ctx context.Context) {\n\tctx, span := tracer.Start(ctx, "work")\n}\n`;
    const { index } = await finderOf({ 'a.go': source });
    expect((await index.facts('a.go'))!.codePaths.flatMap(({ spans }) => spans)).toEqual([
      { tracer: 'shop', name: 'work' },
    ]);
  });
});
