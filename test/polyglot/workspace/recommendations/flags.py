"""Flags of this service: OpenFeature on flagd, and LaunchDarkly."""

import os

import ldclient
from ldclient import Config, Context
from ldclient.integrations import Files
from ldotel.tracing import Hook, HookOptions
from openfeature import api
from openfeature.contrib.hook.opentelemetry import TracingHook
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType
from openfeature.evaluation_context import EvaluationContext

NEW_PRICING = "new-pricing"


def start_flags() -> None:
    """flagd's evaluator over the flag file, and LaunchDarkly's SDK over its own. Both report to OpenTelemetry."""
    api.add_hooks([TracingHook()])
    provider = FlagdProvider(resolver_type=ResolverType.FILE, offline_flag_source_path=os.environ["FLAG_FILE"])
    api.set_provider_and_wait(provider)
    ldclient.set_config(
        Config(
            sdk_key="sdk-of-a-file",
            update_processor_class=Files.new_data_source(paths=[os.environ["LAUNCHDARKLY_FILE"]]),
            send_events=False,
            diagnostic_opt_out=True,
            hooks=[Hook(HookOptions(include_value=True))],
        )
    )


def feature_context(customer: str, cohort: int) -> EvaluationContext:
    return EvaluationContext(customer, {"cohort": cohort})


def user(customer: str, cohort: int) -> Context:
    return Context.builder(customer).set("cohort", cohort).build()
