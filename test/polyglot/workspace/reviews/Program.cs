using OpenFeature;
using OpenFeature.Contrib.Hooks.Otel;
using OpenFeature.Contrib.Providers.Flagd;
using OpenTelemetry.Trace;
using Shop.Reviews;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddControllers();
builder.Services.AddSingleton<ReviewStore>();
builder.Services.AddSingleton<IFeatureClient>(_ => Api.Instance.GetClient("reviews"));
builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddOtlpExporter());

Api.Instance.AddHooks(new TracingHook());
await Api.Instance.SetProviderAsync(new FlagdProvider(new Uri("http://localhost:8013")));

var app = builder.Build();
app.MapControllers();
app.Run();
