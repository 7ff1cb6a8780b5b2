import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileFactsSchema } from '../../../src/model/reference';
import { finderOf, found, whenText } from './finderHarness';

const at = 'src/main/kotlin/com/acme/A.kt';
/** Members of a class that is given a client; they start on line 4. */
const inClass = (members: string): string =>
  `package com.acme\nimport io.getunleash.Unleash\nclass A(private val unleash: Unleash) {\n${members}\n}\n`;
const inMethod = (body: string): string => inClass(`  fun f(ctx: Ctx) {\n${body}\n  }`);

describe('keys in Kotlin', () => {
  it.each([
    [inMethod('unleash.isEnabled("k", false)'), ['k@5 literal']],
    [inMethod('this.unleash.getVariant("v").name'), ['v@5 literal']],
    [inMethod('if (!unleash.isEnabled("k")) return'), ['k@5 literal']],
    [inMethod('unleash!!.isEnabled("k")\nunleash?.isEnabled("j")'), ['k@5 literal', 'j@6 literal']],
    [inMethod('unleash\n  .also { log(it) }\n  .toString()\nrun { unleash.isEnabled("k") }'), ['k@8 literal']],
    [inMethod('unleash.isEnabled("pre-${id()}")'), ['/pre-*/@5 template dynamic']],
    [inMethod('unleash.isEnabled("pre-$id")'), ['/pre-*/@5 template dynamic']],
    [inMethod('unleash.isEnabled("pre-" + id())'), ['/pre-*/@5 template dynamic']],
    [inMethod('unleash.isEnabled("a\\$b")'), ['a$b@5 literal']],
    [inMethod('unleash.isEnabled("""k""")'), ['k@5 literal']],
    [inMethod('unleash.isEnabled(if (x) "a" else "b")'), ['a@5 literal', 'b@5 literal']],
    [inMethod('unleash.isEnabled(when (x) {\n  1 -> "a"\n  else -> "b"\n})'), ['a@6 literal', 'b@7 literal']],
    [inMethod('val key = "k"\nunleash.isEnabled(key)'), ['k@6 constant']],
    [inMethod('var key = "k"\nkey = "j"\nunleash.isEnabled(key)'), ['/*/@7 template dynamic']],
    [inClass('fun f() = unleash.isEnabled(KEY)\ncompanion object {\nconst val KEY = "k"\n}'), ['k@4 constant']],
    [`${inClass('fun f() = unleash.isEnabled(KEY)')}private const val KEY = "k"`, ['k@4 constant']],
    [
      inClass('fun f() = unleash.isEnabled("$PREFIX-k")\ncompanion object { const val PREFIX = "p" }'),
      ['p-k@4 constant'],
    ],
    [inClass('val on by lazy { unleash.isEnabled("k") }'), ['k@4 literal']],
    [inClass('val on: Boolean\n  get() = unleash.isEnabled("k")'), ['k@5 literal']],
    [inClass('val on: Boolean get() { return unleash.isEnabled("k") }'), ['k@4 literal']],
    [
      inClass('fun f() = unleash.isEnabled(Flag.NEW.key)\nenum class Flag(val key: String) { NEW("k"), OLD("j") }'),
      ['k@4 enum'],
    ],
    [
      inClass(
        'fun f() = unleash.isEnabled(Flag.NEW.key)\nenum class Flag(val n: Int, val key: String = "") {\n  NEW(1, key = "k"),\n  OLD(2, "j");\n}',
      ),
      ['k@4 enum'],
    ],
    [
      inClass(
        'fun f() = unleash.isEnabled(Flag.NEW.key)\nenum class Flag {\n  NEW {\n    override val key = "k"\n  };\n  abstract val key: String\n}',
      ),
      ['k@4 constant'],
    ],
    [
      inClass(
        'fun f() = unleash.isEnabled(Flag.New.key)\nsealed class Flag(val key: String) {\n  data object New : Flag("k")\n  object Old : Flag(key = "j")\n}',
      ),
      ['k@4 property'],
    ],
    [
      inClass(
        'fun f() = unleash.isEnabled(Flag.New.key)\nsealed interface Flag { val key: String\n  data object New : Flag { override val key = "k" }\n}',
      ),
      ['k@4 constant'],
    ],
    [
      inClass('fun f() = unleash.isEnabled(New.key)\nobject New : Flag { override val key: String get() = "k" }'),
      ['k@4 constant'],
    ],
    [inClass('fun f() = unleash.isEnabled(toggleName = "k", defaultSetting = false)'), ['k@4 literal']],
    [inClass('fun f() = unleash.isEnabled(\n  // which\n  "k",\n)'), ['k@6 literal']],
    [
      'import com.launchdarkly.sdk.server.LDClient\nclass A(val client: LDClient) {\n  fun f() = client.boolVariation("k", ctx, false)\n}',
      ['k@3 literal'],
    ],
    [
      'import dev.openfeature.sdk.OpenFeatureAPI\nval client = OpenFeatureAPI.getInstance().getClient()\nfun f() = client.getBooleanValue("k", false)',
      ['k@3 literal'],
    ],
    [
      inMethod(
        'pairs.map { (a, _, b): Triple<Int, Int, Int> -> a }\nif (unleash.isEnabled("k")) go() else {\n stop()\n}',
      ),
      ['k@6 literal'],
    ],
    [
      'import com.google.firebase.remoteconfig.FirebaseRemoteConfig\nenum class Flag(val key: String) {\n  NEW("k");\n  val isOn: Boolean get() = FirebaseRemoteConfig.getInstance().getBoolean(key)\n  val label get() = "new"\n}',
      [],
    ],
    ['class A(val button: Button) {\n  fun f() = button.isEnabled("k")\n}', []],
    [inMethod('// unleash.isEnabled("k")\nlog("unleash.isEnabled(\\"k\\")")\nplan.isEnabled("k")'), []],
  ])('%s', async (source, expected) => {
    expect(await found(source, at)).toEqual(expected);
  });

  const others = {
    'src/main/kotlin/com/acme/flags/Toggles.kt': `package com.acme.flags
const val TOP = "top-key"
enum class Toggle(val toggleId: String) {
  NEW("new-key"),
  OLD(toggleId = "old"),
}
object Keys {
  const val OLD = "old-key"
}
enum class Step {
  ONE, TWO;
  val key: String
    get() = when (this) {
      ONE -> "step-one"
      TWO -> "step-two"
    }
}
fun Unleash.on(toggle: Toggle): Boolean = this.isEnabled(toggle.toggleId)
`,
    'src/main/kotlin/com/acme/flags/FeatureToggleService.kt': `package com.acme.flags
interface FeatureToggleService {
  fun isEnabled(toggle: Toggle, default: Boolean = false): Boolean
}
`,
    'src/main/kotlin/com/acme/flags/UnleashService.kt': `package com.acme.flags
import io.getunleash.Unleash
class UnleashService(private val unleash: Unleash) : FeatureToggleService {
  override fun isEnabled(toggle: Toggle, default: Boolean): Boolean = unleash.isEnabled(toggle.toggleId, default)
}
`,
    'src/main/kotlin/com/acme/flags/Settings.kt': `package com.acme.flags
import io.getunleash.Unleash
interface TogglesType {
  fun isOn(name: Toggle): Boolean
}
class Toggles(private val unleash: Unleash) : TogglesType {
  override fun isOn(toggle: Toggle) = unleash.isEnabled(toggle.toggleId)
}
class Settings(private val toggles: TogglesType?) {
  fun toggles() = this.toggles
}
`,
    'src/main/kotlin/com/acme/helpers.kt': `package com.acme
import io.getunleash.Unleash
lateinit var unleash: Unleash
fun isOn(key: String) = unleash.isEnabled(key)
`,
  };
  it.each([
    [
      'import com.acme.flags.TOP\nclass A(val unleash: io.getunleash.Unleash) {\n  fun f() = unleash.isEnabled(TOP)\n}',
      ['top-key@4 constant'],
    ],
    [
      'import com.acme.flags.*\nimport io.getunleash.Unleash\nclass A(val unleash: Unleash) {\n  fun f() = unleash.isEnabled(TOP) || unleash.isEnabled(Keys.OLD)\n}',
      ['top-key@5 constant', 'old-key@5 constant'],
    ],
    [
      'import com.acme.flags.Keys.OLD\nimport io.getunleash.Unleash\nclass A(val unleash: Unleash) {\n  fun f() = unleash.isEnabled(OLD)\n}',
      ['old-key@5 constant'],
    ],
    [
      'import com.acme.flags.FeatureToggleService\nimport com.acme.flags.Toggle\nclass A(private val featureToggleService: FeatureToggleService) {\n  fun f() {\n    if (featureToggleService.isEnabled(Toggle.NEW)) return\n  }\n}',
      ['new-key@6 enum'],
    ],
    [
      'import com.acme.flags.FeatureToggleService\nimport com.acme.flags.Toggle\nclass A(private val service: FeatureToggleService) {\n  fun f(x: Boolean) = service.isEnabled(default = x, toggle = if (x) Toggle.NEW else Toggle.OLD)\n}',
      ['new-key@5 enum', 'old@5 enum'],
    ],
    [
      'import com.acme.flags.Step\nclass A(val unleash: io.getunleash.Unleash) {\n  fun f() = unleash.isEnabled(Step.TWO.key) || g(Step.ONE)\n  fun g(step: Step) = unleash.isEnabled(step.key)\n}',
      ['step-two@4 enum', 'step-one@4 enum'],
    ],
    ['class A {\n  fun f() = find<Toggle>(x)?.isOn() ?: isOn("k")\n}', ['k@3 wrapper']],
    ['class A {\n  fun f() = isOn<Boolean>("k")\n}', ['k@3 wrapper']],
    [
      'import com.acme.flags.FeatureToggleService\nimport com.acme.flags.Toggle\nclass A(private val service: FeatureToggleService) {\n  fun f() = if (service.isEnabled<Boolean>(Toggle.NEW)) 1 else 2\n}',
      ['new-key@5 enum'],
    ],
    ['class A {\n  fun f() = a.limit < MOST && b > ("k")\n}', []],
    ['class A {\n  fun f() = isOn("k")\n}', ['k@3 wrapper']],
    ['import com.acme.isOn as active\nclass A {\n  fun f() = active("k")\n}', ['k@4 wrapper']],
    [
      'import com.acme.flags.Toggle\nimport com.acme.flags.on\nimport io.getunleash.Unleash\nclass A(val unleash: Unleash) {\n  fun f() = unleash.on(Toggle.NEW)\n}',
      ['new-key@6 enum'],
    ],
    [
      'import io.getunleash.Unleash\nclass A(unleash: Unleash, on: Boolean) {\n  private val new = on && unleash.isEnabled("k")\n}',
      ['k@4 literal'],
    ],
    [
      'import com.acme.flags.Settings\nimport com.acme.flags.Toggle\nclass A(settings: Settings) {\n  private val asked = requireNotNull(settings.toggles())\n  private val same = settings.toggles().also { log(it) }\n  fun f() = asked.isOn(Toggle.NEW) || same.isOn(name = Toggle.OLD)\n}',
      ['new-key@7 enum', 'old@7 enum'],
    ],
  ])('across files: %s', async (source, expected) => {
    expect(await found(`package com.acme\n${source}`, at, others)).toEqual(expected);
  });

  it('sees of what makes a class what no field of it hides', async () => {
    const source = `package com.acme
import io.getunleash.Unleash
class A(key: String, unleash: Unleash) {
  private val unleash = Wrapped(unleash)
  val key = "exp-$key"
  fun f() = unleash.isEnabled(key)
}
`;
    expect(await found(source, at)).toEqual(['/exp-*/@6 template dynamic']);
  });

  it('is known to Java by its files where it declares outside of classes', async () => {
    const mixed = { 'src/main/kotlin/com/acme/Toggles.kt': 'package com.acme\nconst val NEW_PAGE = "new-page"\n' };
    const java = (imports: string, name: string): string =>
      `package com.acme.web;\nimport io.getunleash.Unleash;\n${imports}\nclass B {\n  Unleash unleash;\n  boolean f() { return unleash.isEnabled(${name}); }\n}\n`;
    for (const [imports, name] of [
      ['import static com.acme.TogglesKt.NEW_PAGE;', 'NEW_PAGE'],
      ['import static com.acme.TogglesKt.*;', 'NEW_PAGE'],
      ['import com.acme.TogglesKt;', 'TogglesKt.NEW_PAGE'],
    ] as const)
      expect(await found(java(imports, name), 'src/main/java/com/acme/web/B.java', mixed)).toEqual([
        'new-page@6 constant',
      ]);
  });

  it('reads classes of Java, and is read by Java', async () => {
    const mixed = {
      'src/main/java/com/acme/Keys.java':
        'package com.acme;\npublic class Keys { public static final String K = "java-key"; }\n',
      ...others,
    };
    const kotlin =
      'package com.acme\nimport io.getunleash.Unleash\nclass A(val unleash: Unleash) {\n  fun f() = unleash.isEnabled(Keys.K)\n}\n';
    expect(await found(kotlin, at, mixed)).toEqual(['java-key@4 constant']);
    const java =
      'package com.acme;\nimport com.acme.flags.Toggle;\nimport com.acme.flags.UnleashService;\nclass B {\n  private final UnleashService service;\n  boolean f() { return service.isEnabled(Toggle.NEW, false); }\n}\n';
    expect(await found(java, 'src/main/java/com/acme/B.java', mixed)).toEqual(['new-key@6 enum']);
  });
});

async function regions(body: string): Promise<string[]> {
  const finder = await finderOf({ [at]: inMethod(body) });
  const facts = await finder.index.facts(at);
  return (facts?.references ?? []).flatMap(({ regions: all }) =>
    all.map((region) => `${String(region.startLine - 4)}-${String(region.endLine - 4)} ${whenText(region.when)}`),
  );
}

describe('guarded regions in Kotlin', () => {
  it.each([
    ['if (unleash.isEnabled("k")) {\n  a()\n} else {\n  b()\n}', ['1-3 truthy', '3-5 falsy']],
    ['if (!unleash.isEnabled("k")) return\na()\nb()', ['1-1 falsy', '1-4 truthy']],
    ['if (!unleash.isEnabled("k")) {\n  throw X()\n}\na()', ['1-3 falsy', '3-5 truthy']],
    ['val on = unleash.isEnabled("k")\nif (on && x) {\n  a()\n}', ['2-4 truthy', '2-2 truthy']],
    ['val x = if (unleash.isEnabled("k")) a() else b()', ['1-1 truthy', '1-1 falsy']],
    ['when {\n  unleash.isEnabled("k") -> a()\n  else -> {\n    b()\n  }\n}', ['2-2 truthy', '3-5 falsy']],
    [
      'when (unleash.getVariant("v").name) {\n  "blue", "red" -> a()\n  else -> b()\n}',
      ['2-2 oneOf=["blue","red"]', '3-3 different="blue"', '3-3 different="red"'],
    ],
    ['unleash.isEnabled("k") || a()', ['1-1 falsy']],
    ['val x = unleash.isEnabled("k") ?: false\nif (x) {\n  a()\n}', ['2-4 truthy']],
  ])('%s', async (body, expected) => {
    expect(await regions(body)).toEqual(expected);
  });
});

describe('code paths in Kotlin', () => {
  it('are methods under their routes', async () => {
    const source = `package com.acme
@RestController
@RequestMapping("/api")
class Orders(private val unleash: Unleash) {
  @GetMapping("/orders/{id}")
  fun one(@PathVariable id: String): Order {
    return if (unleash.isEnabled("k")) a() else b()
  }

  @KafkaListener(topics = ["orders"])
  fun consume(record: Record) = log(record)
}
`;
    const finder = await finderOf({ [at]: source });
    const facts = await finder.index.facts(at);
    expect(
      facts?.codePaths.map(({ name, kind, routes }) => [name, kind, ...routes.map(({ template }) => template)]),
    ).toEqual([
      ['com.acme.Orders.<init>', 'method'],
      ['com.acme.Orders.one', 'route', '/api/orders/{id}'],
      ['com.acme.Orders.consume', 'job'],
    ]);
  });
});

describe('routes of Ktor', () => {
  it('stand under the routes around them', async () => {
    const source = `import io.ktor.server.routing.*
fun Application.shop(unleash: Unleash) {
  routing {
    route("/api") {
      get("/orders/{id}") {
        if (unleash.isEnabled("k")) call.respond(1)
      }
      post { call.respond(2) }
    }
  }
  cache.get("/no") { 1 }
}
`;
    const finder = await finderOf({ [at]: source });
    const facts = await finder.index.facts(at);
    const routes = (facts?.codePaths ?? []).flatMap((path) => path.routes);
    expect(routes.map(({ method, template }) => `${method} ${template}`)).toEqual([
      'GET /api/orders/{id}',
      'POST /api',
    ]);
  });
});

describe('broken Kotlin', () => {
  it('never throws on cut files', async () => {
    const source = inClass(
      'fun f() {\n  if (!unleash.isEnabled("a-$b ${c.d}")) return else when (x) { "a" -> 1; else -> 2 }\n}',
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(source.length), fc.nat(source.length), async (a, b) => {
        const finder = await finderOf({ [at]: source.slice(0, a) + source.slice(b) });
        fileFactsSchema.parse(await finder.index.facts(at));
      }),
      { numRuns: 60 },
    );
  });

  it.each(['(', '{', 'if (', 'f(', 'a.', '"${', 'class A {', 'when {', '!', 'fun f() = '])(
    'does not fall over %s repeated',
    async (text) => {
      const finder = await finderOf({ [at]: `import io.getunleash.Unleash\n${text.repeat(3_000)}` });
      fileFactsSchema.parse(await finder.index.facts(at));
    },
  );
});
