package main

import (
	"context"
	"fmt"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/telemetry"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// startTelemetry sends traces to where the environment says (OTEL_*). What it gives back sends what is left.
func startTelemetry(ctx context.Context) (func(), error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, err
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return func() { _ = provider.Shutdown(context.Background()) }, nil
}

// spanEvents puts every evaluation on the span of the request that asked, as the semantic conventions name it.
type spanEvents struct {
	openfeature.UnimplementedHook
}

func (spanEvents) Finally(
	ctx context.Context,
	hook openfeature.HookContext,
	details openfeature.InterfaceEvaluationDetails,
	_ openfeature.HookHints,
) {
	event := telemetry.CreateEvaluationEvent(hook, details)
	attributes := make([]attribute.KeyValue, 0, len(event.Attributes))
	for name, value := range event.Attributes {
		attributes = append(attributes, attribute.String(name, fmt.Sprint(value)))
	}
	trace.SpanFromContext(ctx).AddEvent(event.Name, trace.WithAttributes(attributes...))
}
