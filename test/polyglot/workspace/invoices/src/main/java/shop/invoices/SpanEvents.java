package shop.invoices;

import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.Hook;
import dev.openfeature.sdk.HookContext;
import dev.openfeature.sdk.Telemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import java.util.Map;

/** Puts every evaluation on the span of the request that asked, as the semantic conventions name it. */
final class SpanEvents implements Hook<Object> {
    @Override
    public void finallyAfter(HookContext<Object> context, FlagEvaluationDetails<Object> details, Map<String, Object> hints) {
        var event = Telemetry.createEvaluationEvent(context, details);
        var attributes = Attributes.builder();
        event.getAttributes().forEach((name, value) -> attributes.put(name, String.valueOf(value)));
        Span.current().addEvent(event.getName(), attributes.build());
    }
}
