package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
)

// ofrepProvider asks flagd over the OpenFeature Remote Evaluation Protocol.
type ofrepProvider struct {
	base string
	http *http.Client
}

func newOfrepProvider(base string) *ofrepProvider {
	return &ofrepProvider{base: base, http: &http.Client{Timeout: 2 * time.Second}}
}

func (*ofrepProvider) Metadata() openfeature.Metadata { return openfeature.Metadata{Name: "flagd"} }
func (*ofrepProvider) Hooks() []openfeature.Hook      { return nil }

// ask gives the flag's value, or the fallback with the reason why.
func ask[T any](ctx context.Context, p *ofrepProvider, flag string, fallback T, flat openfeature.FlattenedContext) (T, openfeature.ProviderResolutionDetail) {
	failed := func(err error) (T, openfeature.ProviderResolutionDetail) {
		return fallback, openfeature.ProviderResolutionDetail{
			Reason:          openfeature.ErrorReason,
			ResolutionError: openfeature.NewGeneralResolutionError(err.Error()),
		}
	}
	body, err := json.Marshal(map[string]any{"context": flat})
	if err != nil {
		return failed(err)
	}
	at := p.base + "/ofrep/v1/evaluate/flags/" + url.PathEscape(flag)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(body))
	if err != nil {
		return failed(err)
	}
	request.Header.Set("content-type", "application/json")
	response, err := p.http.Do(request)
	if err != nil {
		return failed(err)
	}
	defer response.Body.Close()
	var found struct {
		Value   T
		Variant string
		Reason  string
	}
	if err := json.NewDecoder(response.Body).Decode(&found); err != nil {
		return failed(err)
	}
	if response.StatusCode != http.StatusOK {
		return failed(fmt.Errorf("status %d", response.StatusCode))
	}
	return found.Value, openfeature.ProviderResolutionDetail{Reason: openfeature.Reason(found.Reason), Variant: found.Variant}
}

func (p *ofrepProvider) BooleanEvaluation(ctx context.Context, flag string, fallback bool, flat openfeature.FlattenedContext) openfeature.BoolResolutionDetail {
	value, detail := ask(ctx, p, flag, fallback, flat)
	return openfeature.BoolResolutionDetail{Value: value, ProviderResolutionDetail: detail}
}

func (p *ofrepProvider) StringEvaluation(ctx context.Context, flag string, fallback string, flat openfeature.FlattenedContext) openfeature.StringResolutionDetail {
	value, detail := ask(ctx, p, flag, fallback, flat)
	return openfeature.StringResolutionDetail{Value: value, ProviderResolutionDetail: detail}
}

func (p *ofrepProvider) FloatEvaluation(ctx context.Context, flag string, fallback float64, flat openfeature.FlattenedContext) openfeature.FloatResolutionDetail {
	value, detail := ask(ctx, p, flag, fallback, flat)
	return openfeature.FloatResolutionDetail{Value: value, ProviderResolutionDetail: detail}
}

func (p *ofrepProvider) IntEvaluation(ctx context.Context, flag string, fallback int64, flat openfeature.FlattenedContext) openfeature.IntResolutionDetail {
	value, detail := ask(ctx, p, flag, fallback, flat)
	return openfeature.IntResolutionDetail{Value: value, ProviderResolutionDetail: detail}
}

func (p *ofrepProvider) ObjectEvaluation(ctx context.Context, flag string, fallback any, flat openfeature.FlattenedContext) openfeature.InterfaceResolutionDetail {
	value, detail := ask(ctx, p, flag, fallback, flat)
	return openfeature.InterfaceResolutionDetail{Value: value, ProviderResolutionDetail: detail}
}
