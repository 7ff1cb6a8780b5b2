package shop.invoices;

import dev.openfeature.contrib.providers.flagd.Config;
import dev.openfeature.contrib.providers.flagd.FlagdOptions;
import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import java.util.Map;

/** Flags of this service, and what their rules may look at. */
final class Features {
    static final String NEW_PRICING = "new-pricing";

    private Features() {}

    /** flagd's evaluator in this process, over the flag file. Every evaluation is put on its request's span. */
    static void start(String file) throws Exception {
        var options = FlagdOptions.builder()
                .resolverType(Config.Resolver.FILE)
                .offlineFlagSourcePath(file)
                // A cold JVM on a busy machine needs more than the one second it is given.
                .deadline(30_000)
                .build();
        var api = OpenFeatureAPI.getInstance();
        api.addHooks(new SpanEvents());
        api.setProviderAndWait(new FlagdProvider(options));
    }

    static EvaluationContext contextOf(String customer, int cohort) {
        return new ImmutableContext(customer, Map.of("cohort", new Value(cohort)));
    }
}
