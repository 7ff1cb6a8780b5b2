import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileFactsSchema } from '../../../src/model/reference';
import { finderOf, found, whenText } from './finderHarness';

const at = 'src/Acme/A.cs';
/** A class of its own namespace, with a client; its members start on line 5. */
const inClass = (members: string): string =>
  `using OpenFeature;\nnamespace Acme.Cart;\npublic class A {\n  private readonly IFeatureClient _client;\n${members}\n}`;
const inMethod = (body: string): string => inClass(`  async Task F(Ctx ctx) {\n${body}\n  }`);

describe('keys in C#', () => {
  it.each([
    [inMethod('await _client.GetBooleanValueAsync("k", false);'), ['k@6 literal']],
    [inMethod('await this._client.GetStringDetailsAsync(defaultValue: "a", flagKey: "k");'), ['k@6 literal']],
    [inMethod('var c = Api.Instance.GetClient("d");\nawait c.GetIntegerValueAsync("k", 0);'), ['k@7 literal']],
    [inMethod('IFeatureClient? c = other;\nawait c!.GetIntegerValueAsync(@"k", 0);'), ['k@7 literal']],
    [inMethod('await _client?.GetBooleanValueAsync("k", false);'), ['k@6 literal']],
    [inClass('const string Key = "k";\nTask<bool> F() => _client.GetBooleanValueAsync(Key, false);'), ['k@6 constant']],
    [
      inClass(
        'const string P = "exp-";\nstatic readonly string Key = P + "k";\nTask<bool> F => _client.GetBooleanValueAsync(A.Key, false);',
      ),
      ['exp-k@7 constant'],
    ],
    [
      inClass('const string P = "exp-";\nTask<bool> F() => _client.GetBooleanValueAsync($"{P}k", false);'),
      ['exp-k@6 constant'],
    ],
    [inMethod('await _client.GetBooleanValueAsync($"exp-{Name()}", false);'), ['/exp-*/@6 template dynamic']],
    [inMethod('await _client.GetBooleanValueAsync("exp-" + Name(), false);'), ['/exp-*/@6 template dynamic']],
    [
      inMethod('await _client.GetBooleanValueAsync(string.Format("exp-{0}", Name()), false);'),
      ['/exp-*/@6 template dynamic'],
    ],
    [inMethod('await _client.GetBooleanValueAsync(ctx.A ? "a" : "b", false);'), ['a@6 literal', 'b@6 literal']],
    [
      inMethod('var key = "a";\nif (x) key = "b";\nawait _client.GetBooleanValueAsync(key, false);'),
      ['/*/@8 template dynamic'],
    ],
    [inMethod('await _client.GetBooleanValueAsync("""k""", false);'), ['k@6 literal']],
    [
      inClass(
        'enum Flags { NewCheckout }\nTask<bool> F() => _client.GetBooleanValueAsync(nameof(Flags.NewCheckout), false);',
      ),
      ['NewCheckout@6 literal'],
    ],
    [
      inClass(
        'enum Flags { NewCheckout }\nTask<bool> F() => _client.GetBooleanValueAsync(Flags.NewCheckout.ToString(), false);',
      ),
      ['NewCheckout@6 constant'],
    ],
    [
      inClass(
        'record Flag(string Key, bool On);\nstatic readonly Flag New = new("k", true);\nTask<bool> F() => _client.GetBooleanValueAsync(New.Key, New.On);',
      ),
      ['k@7 property'],
    ],
    [
      inClass(
        'class Flag { public string Key { get; } public Flag(bool on, string k) { Key = k; } }\nstatic readonly Flag New = new Flag(true, k: "k");\nTask<bool> F() => _client.GetBooleanValueAsync(New.Key, false);',
      ),
      ['k@7 property'],
    ],
    [
      inClass(
        'class Flag { public string Key { get; init; } }\nstatic readonly Flag New = new() { Key = "k" };\nTask<bool> F() => _client.GetBooleanValueAsync(New.Key, false);',
      ),
      ['k@7 property'],
    ],
    [
      inClass(
        'class Flag(string key) { private readonly string _key = key; public string Key => _key; }\nstatic readonly Flag New = new("k");\nTask<bool> F() => _client.GetBooleanValueAsync(New.Key, false);',
      ),
      ['k@7 property'],
    ],
    [
      `using OpenFeature;\nclass A(IFeatureClient flags) { Task<bool> F() => flags.GetBooleanValueAsync("k", false); }`,
      ['k@2 literal'],
    ],
    [
      `using LaunchDarkly.Sdk.Server;\nclass A { readonly LdClient c; void F() { c.BoolVariation("k", ctx, false); c.JsonVariationDetail("j", ctx, null); } }`,
      ['k@2 literal', 'j@2 literal'],
    ],
    [
      `using LaunchDarkly.Sdk.Server.Interfaces;\nclass A { readonly ILdClient _c; bool On => _c.BoolVariation("k", ctx); }`,
      ['k@2 literal'],
    ],
    [
      `using Unleash;\nclass A { readonly IUnleash u; void F() { u.IsEnabled("k"); u.GetVariant("v"); } }`,
      ['k@2 literal', 'v@2 literal'],
    ],
    [`using Unleash;\nvar unleash = new DefaultUnleash(settings);\nunleash.IsEnabled("k");`, ['k@3 literal']],
    [
      `using OF = OpenFeature;\nclass A { Task F() => OF.Api.Instance.GetClient().GetBooleanValueAsync("k", false); }`,
      ['k@2 literal'],
    ],
    [
      'class A { const string Base = "http://x"; void F(string k) { http.PostAsync($"{Base}/ofrep/v1/evaluate/flags/k", null); } }',
      ['k@1 template'],
    ],
    ['class A { void F(Button b) { b.IsEnabled("k"); } }', []],
  ])('%s', async (source, expected) => {
    expect(await found(source, at)).toEqual(expected);
  });

  const others = {
    'src/Core/Constants.cs': `namespace Acme.Core;
public static class Other { public const string X = "x"; }
public static partial class Keys { public const string New = "k"; public static class Deep { public const string Old = "o"; } }
public record Flag(string Key) { public static readonly Flag New = new("k"); }`,
    'src/Core/MoreConstants.cs':
      'namespace Acme.Core;\npublic static partial class Keys { public const string More = "m"; }',
    'src/Elsewhere/Keys.cs': 'namespace Elsewhere { public static class Keys { public const string New = "wrong"; } }',
    'src/Core/Services/IFeatures.cs':
      'namespace Acme.Core.Services;\npublic interface IFeatures {\n  bool IsEnabled(string key, bool fallback = false);\n  bool IsEnabled(Flag flag);\n}',
    'src/Core/Services/LdFeatures.cs': `using LaunchDarkly.Sdk.Server;
namespace Acme.Core.Services;
public class LdFeatures : IFeatures {
  private readonly ILdClient _client;
  public LdFeatures(ILdClient client) { _client = client; }
  public bool IsEnabled(string key, bool fallback = false) => _client.BoolVariation(key, Context(), fallback);
  public bool IsEnabled(Flag flag) { return _client.BoolVariation(flag.Key, Context(), false); }
}`,
    'src/Core/RequireFeatureAttribute.cs': `using Acme.Core.Services;
namespace Acme.Core.Utilities;
public class RequireFeatureAttribute : ActionFilterAttribute {
  private readonly string _key;
  public RequireFeatureAttribute(string key) { _key = key; }
  public override void OnActionExecuting(Context context) {
    var features = context.Services.GetRequiredService<IFeatures>();
    if (!features.IsEnabled(_key)) throw new FeatureUnavailableException();
  }
}`,
    'src/Api/Usings.cs': 'global using Acme.Core.Utilities;\nglobal using static Acme.Core.Other;',
  };
  const head = 'using OpenFeature;\nnamespace Acme.Api;\n';
  const client = 'Api.Instance.GetClient()';
  it.each([
    [
      `using Acme.Core;\n${head}class B { Task F() => ${client}.GetBooleanValueAsync(Keys.New, false); }`,
      'k@4 constant',
    ],
    [
      `using Acme.Core;\n${head}class B { Task F() => ${client}.GetBooleanValueAsync(Keys.More, false); }`,
      'm@4 constant',
    ],
    [
      `using Acme.Core;\n${head}class B { Task F() => ${client}.GetBooleanValueAsync(Keys.Deep.Old, false); }`,
      'o@4 constant',
    ],
    [
      `using static Acme.Core.Keys;\n${head}class B { Task F() => ${client}.GetBooleanValueAsync(New, false); }`,
      'k@4 constant',
    ],
    [
      `using K = Acme.Core.Keys;\n${head}class B { Task F() => ${client}.GetBooleanValueAsync(K.New, false); }`,
      'k@4 constant',
    ],
    [`${head}class B { Task F() => ${client}.GetBooleanValueAsync(Acme.Core.Keys.New, false); }`, 'k@3 constant'],
    [`${head}class B { Task F() => ${client}.GetBooleanValueAsync(X, false); }`, 'x@3 constant'],
    [
      'namespace Acme.Core.Deep;\nclass B { readonly IFeatures _f; bool F() => _f.IsEnabled(Keys.New); }',
      'k@2 constant',
    ],
    [
      'using Acme.Core.Services;\nnamespace B { class B { readonly IFeatures _f; bool F() => _f.IsEnabled("x"); } }',
      'x@2 wrapper',
    ],
    [
      'using Acme.Core;\nusing Acme.Core.Services;\nclass B { bool F(IFeatures f) => f.IsEnabled(Flag.New); }',
      'k@3 property',
    ],
    ['using Acme.Core;\nclass B {\n  [RequireFeature(Keys.New)]\n  public void F() {}\n}', 'k@3 constant'],
    ['using Acme.Core;\n[RequireFeatureAttribute("x")]\nclass B {}', 'x@2 attribute'],
  ])('across files: %s', async (source, expected) => {
    expect(await found(source, 'src/Api/B.cs', others)).toEqual([expected]);
  });

  it('finds accessors that the OpenFeature command line wrote', async () => {
    const generated = `// AUTOMATICALLY GENERATED BY OPENFEATURE CLI, DO NOT EDIT.
using OpenFeature;
namespace OpenFeatureGenerated
{
    public class GeneratedClient
    {
        private readonly IFeatureClient _client;
        internal GeneratedClient(IFeatureClient client) { _client = client; }
        public async Task<bool> NewCheckoutAsync(EvaluationContext? ctx = null, FlagEvaluationOptions? options = null)
        {
            return await _client.GetBooleanValueAsync("new-checkout", false, ctx, options);
        }
        public static GeneratedClient CreateClient() { return new GeneratedClient(Api.Instance.GetClient()); }
    }
}`;
    const use = `using OpenFeatureGenerated;\nclass A(GeneratedClient flags) {\n  async Task F() { if (await flags.NewCheckoutAsync()) G(); }\n  Task G() => GeneratedClient.CreateClient().NewCheckoutAsync(ctx);\n}`;
    expect(await found(use, at, { 'src/OpenFeature.g.cs': generated })).toEqual([
      'new-checkout@3 codegen',
      'new-checkout@4 codegen',
    ]);
  });

  it('tells definitions, tests, functions and where it runs', async () => {
    const finder = await finderOf({
      [at]: inClass(
        'const string Key = "k";\nTask<bool> F() => _client.GetBooleanValueAsync(Key, true);\nclass B(IFeatureClient c) { Task<bool> On { get { return c.GetBooleanValueAsync(Key, true); } }\npublic B(int x) : this(y) { c.GetBooleanValueAsync(Key, false); } }',
      ),
      'test/Acme.Test/ATests.cs': `using OpenFeature;\nclass ATests { readonly IFeatureClient c; [Fact] void On() { void In() => c.GetBooleanValueAsync("k", false); } }`,
    });
    const rows = finder
      .references('k')
      .map(({ path, line, kind, function: fn, evaluatedOn, defaultValue }) => [
        path.split('/').at(-1),
        line,
        kind,
        fn,
        evaluatedOn,
        defaultValue,
      ]);
    expect(rows).toEqual([
      ['A.cs', 5, 'definition', null, 'unknown', undefined],
      ['A.cs', 6, 'evaluation', 'Acme.Cart.A.F', 'server', true],
      ['A.cs', 7, 'evaluation', 'Acme.Cart.A.B.get_On', 'server', true],
      ['A.cs', 8, 'evaluation', 'Acme.Cart.A.B..ctor', 'server', false],
      ['ATests.cs', 2, 'test', 'ATests.On.In', 'server', false],
    ]);
  });

  it('follows a class into a file that appears later', async () => {
    const finder = await finderOf({
      [at]: inClass('Task<bool> F() => _client.GetBooleanValueAsync(Names.New, false);'),
    });
    expect((await finder.index.facts(at))!.references[0]).toMatchObject({ key: null });
    finder.files.set('/shop/src/Names.cs', 'namespace Acme;\nstatic class Names { public const string New = "k"; }');
    await finder.index.changed(['src/Names.cs']);
    expect((await finder.index.facts(at))!.references[0]).toMatchObject({ key: 'k' });
  });
});

/** Regions of the only reference as `from-to is[=value]`. */
async function regions(body: string): Promise<string[]> {
  const { index } = await finderOf({ [at]: inMethod(body) });
  const [reference] = (await index.facts(at))!.references;
  return reference!.regions.map(
    ({ startLine, endLine, when }) => `${String(startLine - 5)}-${String(endLine - 5)} ${whenText(when)}`,
  );
}
const get = `await _client.GetBooleanValueAsync("k", false)`;
const text = `await _client.GetStringValueAsync("k", "a")`;

describe('guarded regions in C#', () => {
  it.each([
    ['if and else', `if (${get}) {\n  A();\n} else {\n  B();\n}`, ['1-3 truthy', '3-5 falsy']],
    ['not', `if (!(${get}))\n  A();`, ['2-2 falsy']],
    ['a name', `var on = ${get};\nif (on) {\n  A();\n}`, ['2-4 truthy']],
    ['early return', `if (!(${get})) return;\nA();`, ['1-1 falsy', '1-3 truthy']],
    ['early throw in a block', `if (${get}) {\n  throw new E();\n}\nA();`, ['1-3 truthy', '3-5 falsy']],
    ['conditional', `x = ${get}\n  ? A()\n  : B();`, ['2-2 truthy', '3-3 falsy']],
    ['and', `x = ${get} &&\n  A();`, ['2-2 truthy']],
    ['or', `x = ${get} ||\n  A();`, ['2-2 falsy']],
    ['comparison', `if (${text} == "b") {\n  A();\n}`, ['1-3 equal="b"']],
    ['is', `if (${get} is true) {\n  A();\n}`, ['1-3 truthy']],
    ['is one of', `if (${text} is "a" or "b") {\n  A();\n}`, ['1-3 oneOf=["a","b"]']],
    ['more than', `var n = await _client.GetDoubleValueAsync("k", 0);\nif (n > 0) {\n  A();\n}`, ['2-4 >0']],
    ['details', `var d = await _client.GetBooleanDetailsAsync("k", false);\nif (d.Value) {\n  A();\n}`, ['2-4 truthy']],
    [
      'switch',
      `switch (${text}) {\n  case "a":\n    A();\n    break;\n  case "b":\n  case "c":\n    B();\n    break;\n  default:\n    C();\n    break;\n}`,
      ['3-4 equal="a"', '7-8 oneOf=["b","c"]', '10-11 different="a"', '10-11 different="b"', '10-11 different="c"'],
    ],
    [
      'switch expression',
      `x = (${text}) switch {\n  "a" => A(),\n  "b" or "c" => B(),\n  _ => C()\n};`,
      ['2-2 equal="a"', '3-3 oneOf=["b","c"]', '4-4 different="a"', '4-4 different="b"', '4-4 different="c"'],
    ],
  ])('%s', async (_, body, expected) => {
    expect(await regions(body)).toEqual(expected);
  });
});

describe('code paths in C#', () => {
  const paths = async (source: string): Promise<string[]> => {
    const { index } = await finderOf({ [at]: source });
    return (await index.facts(at))!.codePaths.map(
      ({ name, kind, routes, spans }) =>
        `${kind} ${name}${routes.map(({ method, template }) => ` [${method} ${template}]`).join('')}${spans.map((span) => ` <${span.name}>`).join('')}`,
    );
  };

  it.each([
    [
      `namespace N;\n[ApiController, Route("api/[controller]")]\nclass CartController : ControllerBase {\n  [HttpGet("{id:int}")] public Cart Get(int id) => null;\n  [HttpPost] public void Add() {}\n  [HttpPut("~/put/[action]")] public void Put() {}\n  [Route("any")] public void Any() {}\n  void Help() {}\n}`,
      [
        'route N.CartController.Get [GET /api/Cart/{id}]',
        'route N.CartController.Add [POST /api/Cart]',
        'route N.CartController.Put [PUT /put/Put]',
        'route N.CartController.Any [ALL /api/Cart/any]',
        'method N.CartController.Help',
      ],
    ],
    [
      `var app = WebApplication.Create(args);\napp.MapGet("/x/{id}", async (int id) => id);\nvar g = app.MapGroup("/api").RequireAuthorization();\nvar h = g.MapGroup("v1");\nh.MapPost("/y", Add);\nvoid Add() {}`,
      ['route GET /x/{id} [GET /x/{id}]', 'route Add [POST /api/v1/y]'],
    ],
    [
      `namespace cart.services;\npublic class CartService : Oteldemo.CartService.CartServiceBase {\n  public override async Task<Empty> AddItem(AddItemRequest r, ServerCallContext c) { using var a = source.StartActivity("add"); return x; }\n  Task Help() => null;\n}`,
      [
        'route cart.services.CartService.AddItem [RPC CartService/AddItem] <add>',
        'method cart.services.CartService.Help',
      ],
    ],
    [
      `using MassTransit;\nclass OrderConsumer : IConsumer<Order> { public Task Consume(ConsumeContext<Order> c) => null; }`,
      ['job OrderConsumer.Consume'],
    ],
  ])('%s', async (source, expected) => {
    expect(await paths(source)).toEqual(expected);
  });
});

const fragments = [
  'class B {',
  'enum E {',
  'record R(string K);',
  'namespace X {',
  'namespace Y;',
  'interface I {',
  '}',
  '{',
  '(',
  ')',
  ';',
  '"""',
  '$"',
  '@"',
  '"',
  '_client.GetBooleanValueAsync(',
  '"k"',
  ', false)',
  'if (',
  'else',
  'switch (x) {',
  'case "a":',
  'x switch {',
  '_ =>',
  'default:',
  'return ',
  '=>',
  'new(',
  '[HttpGet(',
  ']',
  'using static ',
  'global using A;',
  'const string K = ',
  '// ',
  '/*',
  '#if X',
  '#endif',
  '\u{1F600}',
  '\0',
  'this.',
  'void F() {',
  '?.',
  '? a :',
  '&&',
  'await ',
  'is "a" or ',
  '{0}',
  'nameof(',
  '\n',
];
const broken = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 6 })), { maxLength: 50 })
  .map((parts) => parts.join(' '));

describe('any text as C#', () => {
  it('never throws, gives facts of the schema, and by editing what reading gives', async () => {
    const long = `  void Long() { ${'Help();'.repeat(600)} }\n`;
    await fc.assert(
      fc.asyncProperty(broken, broken, broken, fc.boolean(), async (before, inserted, after, isLong) => {
        const head = inClass(isLong ? long : '').slice(0, -1);
        const finder = await finderOf({});
        await finder.index.edit(at, `${head}${before}\n${after}`, '1');
        const edited = await finder.index.edit(at, `${head}${before}\n${inserted}${after}`, '2');
        expect(() => fileFactsSchema.parse(edited)).not.toThrow();
        const fresh = await (await finderOf({})).index.edit(at, `${head}${before}\n${inserted}${after}`, '2');
        expect(edited.references).toEqual(fresh.references);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it.each([
    ['namespace Acme.Cart;', 'namespace Org.Shop;'],
    ['namespace Acme.Cart {', 'namespace Org.Shop {'],
  ])('follows %s that is renamed', async (from, to) => {
    const { index } = await finderOf({});
    const body = inClass(
      `Task On() { return ${get.replace('await ', '')}; }\n  void Long() { ${'Help();'.repeat(600)} }`,
    );
    const long = from.endsWith('{') ? `${body.replace('namespace Acme.Cart;', from)}}` : body;
    await index.edit(at, long, '1');
    const { references } = await index.edit(at, long.replace(from, to), '2');
    expect(references.map((reference) => reference.function)).toEqual(['Org.Shop.A.On']);
  });

  it.each(['(', 'a.B().', 'if (a) {', 'a + ', '{', 'F(', 'new(', '$"{', 'x is '])(
    'does not fall over %s repeated',
    async (part) => {
      const { index } = await finderOf({});
      const facts = await index.edit(at, `${inMethod(`${get};`).slice(0, -4)}${part.repeat(5_000)}`, '1');
      expect(facts.path).toBe(at);
    },
  );
});
