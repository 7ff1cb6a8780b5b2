// Shipping quotes: flags by OpenFeature, asked of flagd's evaluation API; telemetry by OpenTelemetry.
package main

import (
	"context"
	"encoding/json"
	"log"
	"math/rand/v2"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
)

const newPricing = "new-pricing"

type server struct {
	flags *openfeature.Client
}

// quote answers GET /quotes/{country}.
func (s *server) quote(w http.ResponseWriter, r *http.Request) {
	enabled, _ := s.flags.BooleanValue(r.Context(), newPricing, false, customerOf(r))
	if enabled {
		waitAbout(780 * time.Millisecond)
		if rand.Float64() < 1.0/7 {
			http.Error(w, "the carrier knows no such tariff", http.StatusBadGateway)
			return
		}
		answer(w, map[string]any{"country": r.PathValue("country"), "cents": 390})
		return
	}
	waitAbout(560 * time.Millisecond)
	answer(w, map[string]any{"country": r.PathValue("country"), "cents": 490})
}

// customerOf reads who the edge says the customer is.
func customerOf(r *http.Request) openfeature.EvaluationContext {
	cohort, err := strconv.Atoi(r.Header.Get("x-cohort"))
	if err != nil {
		cohort = 99
	}
	return openfeature.NewEvaluationContext(r.Header.Get("x-customer-id"), map[string]any{"cohort": cohort})
}

// waitAbout stands in for a partner: it waits about so long, a sixth more or less.
func waitAbout(typical time.Duration) {
	time.Sleep(time.Duration(float64(typical) * (0.85 + 0.3*rand.Float64())))
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("content-type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	flush, err := startTelemetry(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer flush()
	openfeature.AddHooks(spanEvents{})
	if err := openfeature.SetProviderAndWait(newOfrepProvider(os.Getenv("OFREP_URL"))); err != nil {
		log.Fatal(err)
	}

	s := &server{flags: openfeature.NewClient("shipping")}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /quotes/{country}", s.quote)
	web := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: otelhttp.NewHandler(mux, "shipping")}
	go func() {
		if err := web.ListenAndServe(); err != http.ErrServerClosed {
			log.Fatal(err)
		}
	}()
	<-ctx.Done()
	_ = web.Shutdown(context.Background())
}
