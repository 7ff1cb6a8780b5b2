import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileFactsSchema } from '../../../src/model/reference';
import { finderOf, found, whenText } from './finderHarness';

const sdk = `import dev.openfeature.sdk.*;\n`;
const at = 'src/main/java/com/acme/A.java';
/** A class of its own package, with a client; its members start on line 5. */
const inClass = (members: string): string =>
  `package com.acme;\n${sdk}class A {\n  private final Client client = OpenFeatureAPI.getInstance().getClient();\n${members}\n}`;
const inMethod = (body: string): string => inClass(`  void f(Ctx ctx) {\n${body}\n  }`);

describe('keys in Java', () => {
  it.each([
    [inMethod('client.getBooleanValue("k", false);'), ['k@6 literal']],
    [inMethod('this.client.getStringDetails("k", "a", ctx).getValue();'), ['k@6 literal']],
    [inMethod('var c = OpenFeatureAPI.getInstance().getClient("d");\nc.getIntegerValue("k", 0);'), ['k@7 literal']],
    [
      inClass('static final String KEY = "k";\nboolean f() { return client.getBooleanValue(KEY, false); }'),
      ['k@6 constant'],
    ],
    [
      inClass(
        'static final String P = "exp-";\nstatic final String KEY = P + "k";\nint x = client.getIntegerValue(A.KEY, 0);',
      ),
      ['exp-k@7 constant'],
    ],
    [inMethod('client.getBooleanValue("exp-" + name(), false);'), ['/exp-*/@6 template dynamic']],
    [inMethod('client.getBooleanValue(String.format("exp-%s", name()), false);'), ['/exp-*/@6 template dynamic']],
    [inMethod('client.getBooleanValue("exp-%s".formatted(name()), false);'), ['/exp-*/@6 template dynamic']],
    [inMethod('client.getBooleanValue(ctx.a() ? "a" : "b", false);'), ['a@6 literal', 'b@6 literal']],
    [inMethod('String key = "a";\nif (x) key = "b";\nclient.getBooleanValue(key, false);'), ['/*/@8 template dynamic']],
    [inMethod('client.getStringValue("""\n    k""", "");'), ['k@6 literal']],
    [
      inClass(
        'enum F { NEW("k"); private final String key; F(String k) { this.key = k; } String key() { return key; } }\nboolean f() { return client.getBooleanValue(F.NEW.key(), false); }',
      ),
      ['k@6 enum'],
    ],
    [
      inClass(
        '@Getter enum F { NEW(1, "k"); private final int n; private final String key; F(int n, String key) { this.n = n; this.key = key; } }\nboolean f() { return client.getBooleanValue(F.NEW.getKey(), false); }',
      ),
      ['k@6 enum'],
    ],
    [
      inClass(
        'record R(String key, boolean on) {}\nstatic final R NEW = new R("k", true);\nboolean f() { return client.getBooleanValue(NEW.key(), false); }',
      ),
      ['k@7 property'],
    ],
    [
      inClass('interface K { String NEW = "k"; }\nboolean f() { return client.getBooleanValue(K.NEW, false); }'),
      ['k@6 constant'],
    ],
    [inClass('Supplier<Boolean> on = () -> client.getBooleanValue("k", false);'), ['k@5 literal']],
    [
      `import com.launchdarkly.sdk.server.LDClient;\nclass A { void f(LDClient c) { c.boolVariation("k", ctx, false); c.jsonValueVariationDetail("j", ctx, null); } }`,
      ['k@2 literal', 'j@2 literal'],
    ],
    [
      `import io.getunleash.Unleash;\nclass A { private final Unleash u; void f() { u.isEnabled("k", false); u.getVariant("v"); } }`,
      ['k@2 literal', 'v@2 literal'],
    ],
    [
      `import io.getunleash.DefaultUnleash;\nclass A { void f() { var u = new DefaultUnleash(config); u.isEnabled("k"); } }`,
      ['k@2 literal'],
    ],
    [
      `import java.net.URI;\nclass A { static final String BASE = "http://x"; void f(String k) { URI.create(BASE + "/ofrep/v1/evaluate/flags/k"); } }`,
      ['k@2 template'],
    ],
    ['class A { void f(Button b) { b.isEnabled("k"); } }', []],
  ])('%s', async (source, expected) => {
    expect(await found(source, at)).toEqual(expected);
  });

  const others = {
    'src/main/java/com/acme/flags/Flag.java': `package com.acme.flags;
public enum Flag {
  NEW("k", "Operational"),
  OLD("o", "Release");
  private final String key;
  private final String kind;
  Flag(String key, String kind) { this.key = key; this.kind = kind; }
  public String getKey() { return key; }
}`,
    'src/main/java/com/acme/flags/Keys.java':
      'package com.acme.flags;\npublic interface Keys { String NEW = "k"; class Deep { public static final String OLD = "o"; } }',
    'src/main/java/com/acme/flags/Flags.java':
      'package com.acme.flags;\npublic interface Flags {\n  boolean isOn(String key);\n  boolean isOn(Flag flag);\n}',
    'src/main/java/com/acme/flags/UnleashFlags.java': `package com.acme.flags;
import io.getunleash.Unleash;
@Service
public class UnleashFlags implements Flags {
  private final Unleash unleash;
  @Override public boolean isOn(String key) { return isOn(key, false); }
  private boolean isOn(String key, boolean fallback) { return unleash.isEnabled(key, fallback); }
  @Override public boolean isOn(Flag flag) { return unleash.isEnabled(flag.getKey(), false); }
}`,
    'src/main/java/com/acme/Own.java': 'package com.acme;\nclass Own { static final String NEW = "k"; }',
  };
  const client = `OpenFeatureAPI.getInstance().getClient()`;
  it.each([
    [
      `package com.acme.b;\nimport com.acme.flags.Keys;\n${sdk}class B { boolean f() { return ${client}.getBooleanValue(Keys.NEW, false); } }`,
      'k@4 constant',
    ],
    [
      `package com.acme.b;\nimport com.acme.flags.*;\n${sdk}class B { boolean f() { return ${client}.getBooleanValue(Keys.Deep.OLD, false); } }`,
      'o@4 constant',
    ],
    [
      `package com.acme.b;\nimport static com.acme.flags.Keys.NEW;\n${sdk}class B { boolean f() { return ${client}.getBooleanValue(NEW, false); } }`,
      'k@4 constant',
    ],
    [
      `package com.acme.b;\nimport static com.acme.flags.Keys.*;\n${sdk}class B { boolean f() { return ${client}.getBooleanValue(NEW, false); } }`,
      'k@4 constant',
    ],
    [
      `package com.acme.b;\nimport static com.acme.flags.Flag.NEW;\n${sdk}class B { boolean f() { return ${client}.getBooleanValue(NEW.getKey(), false); } }`,
      'k@4 enum',
    ],
    [
      `package com.acme;\n${sdk}class B { boolean f() { return ${client}.getBooleanValue(Own.NEW, false); } }`,
      'k@3 constant',
    ],
    [
      `package com.acme.b;\nimport com.acme.flags.Keys;\n${sdk}class B implements Keys { boolean f() { return ${client}.getBooleanValue(NEW, false); } }`,
      'k@4 constant',
    ],
    [
      'package com.acme.b;\nimport com.acme.flags.Flags;\nclass B { private final Flags flags; boolean f() { return flags.isOn("x"); } }',
      'x@3 wrapper',
    ],
    [
      'package com.acme.b;\nimport com.acme.flags.*;\nclass B { boolean f(Flags flags) { return flags.isOn(Flag.NEW); } }',
      'k@3 enum',
    ],
    [
      'package com.acme.b;\nimport com.acme.flags.UnleashFlags;\nclass B { boolean f(UnleashFlags flags) { return flags.isOn("x"); } }',
      'x@3 wrapper',
    ],
  ])('across files: %s', async (source, expected) => {
    expect(await found(source, 'src/main/java/com/acme/b/B.java', others)).toEqual([expected]);
  });

  it('finds accessors that the OpenFeature command line wrote', async () => {
    const generated = `// AUTOMATICALLY GENERATED BY OPENFEATURE CLI, DO NOT EDIT.
package com.example;
import dev.openfeature.sdk.*;
public final class OpenFeature {
  public interface GeneratedClient { Boolean newCheckout(EvaluationContext ctx); }
  private static final class OpenFeatureGeneratedClient implements GeneratedClient {
    private final Client client;
    private OpenFeatureGeneratedClient(Client client) { this.client = client; }
    @Override public Boolean newCheckout(EvaluationContext ctx) { return client.getBooleanValue("new-checkout", false, ctx); }
  }
  public static GeneratedClient getClient() { return new OpenFeatureGeneratedClient(OpenFeatureAPI.getInstance().getClient()); }
}`;
    const use = `package com.acme;\nimport com.example.OpenFeature;\nclass A {\n  void f() { OpenFeature.GeneratedClient c = OpenFeature.getClient(); if (c.newCheckout(ctx)) g(); }\n  void g() { OpenFeature.getClient().newCheckout(null); }\n}`;
    expect(await found(use, at, { 'src/main/java/com/example/OpenFeature.java': generated })).toEqual([
      'new-checkout@4 codegen',
      'new-checkout@5 codegen',
    ]);
  });

  it('tells definitions, tests, functions and where it runs', async () => {
    const finder = await finderOf({
      [at]: inClass(
        'static final String KEY = "k";\nboolean f() { return client.getBooleanValue(KEY, true); }\nclass B { { client.getBooleanValue(KEY, true); } B() { client.getBooleanValue(KEY, true); } }',
      ),
      'src/test/java/com/acme/ATest.java': `package com.acme;\n${sdk}class ATest { @Test void on() { client.getBooleanValue(A.KEY, false); } }`,
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
      ['A.java', 5, 'definition', null, 'unknown', undefined],
      ['A.java', 6, 'evaluation', 'com.acme.A.f', 'server', true],
      ['A.java', 7, 'evaluation', null, 'server', true],
      ['A.java', 7, 'evaluation', 'com.acme.A.B.<init>', 'server', true],
      ['ATest.java', 3, 'test', 'com.acme.ATest.on', 'server', false],
    ]);
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
const get = `client.getBooleanValue("k", false)`;
const text = `client.getStringValue("k", "a")`;

describe('guarded regions in Java', () => {
  it.each([
    ['if and else', `if (${get}) {\n  a();\n} else {\n  b();\n}`, ['1-3 truthy', '3-5 falsy']],
    ['not', `if (!${get})\n  a();`, ['2-2 falsy']],
    ['a name', `boolean on = ${get};\nif (on) {\n  a();\n}`, ['2-4 truthy']],
    ['early return', `if (!${get}) return;\na();`, ['1-1 falsy', '1-3 truthy']],
    ['early throw in a block', `if (${get}) {\n  throw new E();\n}\na();`, ['1-3 truthy', '3-5 falsy']],
    ['ternary', `x = ${get}\n  ? a()\n  : b();`, ['2-2 truthy', '3-3 falsy']],
    ['and', `x = ${get} &&\n  a();`, ['2-2 truthy']],
    ['or', `x = ${get} ||\n  a();`, ['2-2 falsy']],
    ['equals', `if ("b".equals(${text})) {\n  a();\n}`, ['1-3 equal="b"']],
    ['Boolean.TRUE.equals', `if (Boolean.TRUE.equals(${get})) {\n  a();\n}`, ['1-3 truthy']],
    ['details', `var d = client.getBooleanDetails("k", false);\nif (d.getValue()) {\n  a();\n}`, ['2-4 truthy']],
    [
      'switch',
      `switch (${text}) {\n  case "a":\n    a();\n  case "b":\n    b();\n    break;\n  default:\n    c();\n}`,
      ['3-3 equal="a"', '5-6 oneOf=["a","b"]', '8-8 different="a"', '8-8 different="b"'],
    ],
    [
      'switch with arrows',
      `x = switch (${text}) {\n  case "a" -> a();\n  case "b", "c" -> {\n    b();\n  }\n  default -> c();\n};`,
      ['2-2 equal="a"', '3-5 oneOf=["b","c"]', '6-6 different="a"', '6-6 different="b"', '6-6 different="c"'],
    ],
  ])('%s', async (_, body, expected) => {
    expect(await regions(body)).toEqual(expected);
  });
});

describe('code paths in Java', () => {
  const paths = async (source: string): Promise<string[]> => {
    const { index } = await finderOf({ [at]: source });
    return (await index.facts(at))!.codePaths.map(
      ({ name, kind, routes, spans }) =>
        `${kind} ${name}${routes.map(({ method, template, framework }) => ` [${framework} ${method} ${template}]`).join('')}${spans.map((span) => ` <${span.name}>`).join('')}`,
    );
  };

  it.each([
    [
      `package a;\n@RestController @RequestMapping("/api")\nclass C {\n  static final String X = "/x";\n  @GetMapping("/cart/{id:[0-9]+}") Cart get() { return null; }\n  @PostMapping(path = {X, X + "/y"}) void add() {}\n  @RequestMapping(value = "z", method = {RequestMethod.PUT, DELETE}) void z() {}\n}`,
      [
        'route a.C.get [spring GET /api/cart/{id}]',
        'route a.C.add [spring POST /api/x] [spring POST /api/x/y]',
        'route a.C.z [spring PUT /api/z] [spring DELETE /api/z]',
      ],
    ],
    [
      `package a;\nimport jakarta.ws.rs.*;\n@Path("cart")\nclass C {\n  @GET @Path("{id}") public Cart get() { return null; }\n  @POST public void add() {}\n}`,
      ['route a.C.get [jax-rs GET /cart/{id}]', 'route a.C.add [jax-rs POST /cart]'],
    ],
    [
      `package a;\nclass AdService {\n  private static class Impl extends hipstershop.AdServiceGrpc.AdServiceImplBase {\n    @Override public void getAds(AdRequest r, StreamObserver<AdResponse> o) { help(); }\n    private void help() { tracer.spanBuilder("h").startSpan(); }\n    @WithSpan void annotated() {}\n  }\n}`,
      [
        'route a.AdService.Impl.getAds [grpc RPC AdService/GetAds]',
        'method a.AdService.Impl.help <h>',
        'method a.AdService.Impl.annotated <Impl.annotated>',
      ],
    ],
    [
      `package a;\nclass J {\n  @KafkaListener(topics = "orders") void on(Order o) {}\n  @Scheduled(cron = "0 * * * * *") void tick() {}\n}`,
      ['job a.J.on', 'job a.J.tick'],
    ],
  ])('%s', async (source, expected) => {
    expect(await paths(source)).toEqual(expected);
  });
});

const fragments = [
  'class B {',
  'enum E {',
  'NEW("k"),',
  'interface I {',
  '}',
  '{',
  '(',
  ')',
  ';',
  '"""',
  '"',
  'client.getBooleanValue(',
  '"k"',
  ', false)',
  'if (',
  'else',
  'switch (x) {',
  'case "a" ->',
  'default:',
  'return ',
  '->',
  '::',
  'new ',
  '@GetMapping(',
  'import static ',
  'package x;',
  'static final String K = ',
  '// ',
  '/*',
  '\u{1F600}',
  '\0',
  'this.',
  'void f() {',
  '? a :',
  '&&',
  'record R(String k) {',
  '<',
  '>',
  '...',
  '\n',
];
const broken = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 6 })), { maxLength: 50 })
  .map((parts) => parts.join(' '));

describe('any text as Java', () => {
  it('never throws, gives facts of the schema, and by editing what reading gives', async () => {
    const long = `  void long() { ${'help();'.repeat(600)} }\n`;
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

  it('follows a package and a class that are renamed', async () => {
    const { index } = await finderOf({});
    const long = inClass(`boolean on() { return ${get}; }\n  void long() { ${'help();'.repeat(600)} }`);
    await index.edit(at, long, '1');
    const { references } = await index.edit(at, long.replace('package com.acme', 'package org.shop'), '2');
    expect(references.map((reference) => reference.function)).toEqual(['org.shop.A.on']);
  });

  it.each(['(', 'a.b().', 'if (a) {', 'a + ', '{', 'f(', 'new A() {'])(
    'does not fall over %s repeated',
    async (part) => {
      const { index } = await finderOf({});
      const facts = await index.edit(at, `${inMethod(`${get};`).slice(0, -4)}${part.repeat(5_000)}`, '1');
      expect(facts.path).toBe(at);
    },
  );
});
