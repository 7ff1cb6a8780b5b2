import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileFactsSchema } from '../../../src/model/reference';
import { finderOf, found, whenText } from './finderHarness';

const at = 'app/A.php';
/** Members of a class that is given a client; they start on line 5. */
const inClass = (members: string): string =>
  `<?php\nnamespace App;\nuse Unleash\\Client\\Unleash;\nclass A { public function __construct(private readonly Unleash $unleash) {}\n${members}\n}\n`;
const inMethod = (body: string): string => inClass(`public function f($x, $id) {\n${body}\n}`);
const composer = '{"autoload":{"psr-4":{"App\\\\":"app/"}}}';

describe('keys in PHP', () => {
  it.each([
    [inMethod("$this->unleash->isEnabled('k');"), ['k@6 literal']],
    [inMethod('$this->unleash?->getVariant("v")->getName();'), ['v@6 literal']],
    [inMethod("$this->unleash->isEnabled(\n  featureName: 'k', default: true);"), ['k@7 literal']],
    [inMethod('$this->unleash->isEnabled("pre-{$id}");'), []],
    [inMethod('$this->unleash->isEnabled("pre-" . id());'), ['/pre-*/@6 template dynamic']],
    [inMethod('$k = "k"; $this->unleash->isEnabled($k);'), ['k@6 constant']],
    [inMethod('$k = "k"; $k .= $x; $this->unleash->isEnabled($k);'), ['/*/@6 template dynamic']],
    [inMethod("$this->unleash->isEnabled($x ? 'a' : 'b');"), ['a@6 literal', 'b@6 literal']],
    [inMethod("$this->unleash->isEnabled(match ($x) { 1 => 'a', default => 'b' });"), ['a@6 literal', 'b@6 literal']],
    [inMethod("$this->unleash->isEnabled(<<<'K'\n  k\n  K);"), ['k@6 literal']],
    [inMethod("$f = fn () => $this->unleash->isEnabled('k');"), ['k@6 literal']],
    [inMethod("return array_map(function ($u) { return $this->unleash->isEnabled('k'); }, []);"), ['k@6 literal']],
    [inMethod("$m = $this->unleash->isEnabled(...); echo 'isEnabled(x)';"), []],
    [inClass("const KEY = 'k';\nfunction f() { return $this->unleash->isEnabled(self::KEY); }"), ['k@6 constant']],
    [
      inClass(
        "const P = 'p';\nconst KEY = self::P . '-k';\nfunction f() { return $this->unleash->isEnabled(static::KEY); }",
      ),
      ['p-k@7 constant'],
    ],
    [
      inClass("private string $key = 'k';\nfunction f() { return $this->unleash->isEnabled($this->key); }"),
      ['k@6 constant'],
    ],
    [
      inClass("const KEYS = ['new' => 'k'];\nfunction f() { return $this->unleash->isEnabled(self::KEYS['new']); }"),
      ['k@6 property'],
    ],
    ["<?php\ndefine('KEY', 'k');\nfunction f(\\Unleash\\Client\\Unleash $u) { $u->isEnabled(KEY); }", ['k@3 constant']],
    [
      "<?php\nnamespace App { use Unleash\\Client\\Unleash;\nfunction f(?Unleash $u) { $u->isEnabled('k'); } }",
      ['k@3 literal'],
    ],
  ])('%s', async (source, expected) => {
    expect(await found(source, at)).toEqual(expected);
  });

  it('are followed to all flags through services that are given or else looked up', async () => {
    const others = {
      'app/FlagStore.php': `<?php
namespace App;
use PostHog\\Client;
class FlagStore {
  public function __construct(private Client $posthog) {}
  public function getFeatureFlags(?User $user = null): array {
    if (!$this->ready()) { return []; }
    return $this->posthog->getAllFlags(distinctId: 'u');
  }
}
`,
      'app/Trials.php': `<?php
namespace App;
class Trials {
  public function __construct(private ?FlagStore $store = null) { $this->store = $store ?? Di::get(FlagStore::class); }
  public function of($user): self { return $this; }
  public function isOn(string $name): bool { return !!($this->store->getFeatureFlags(user: $this->user)[$name] ?? false); }
}
`,
      'composer.json': composer,
    };
    const source = `<?php
namespace App\\Web;
use App\\Trials as AllTrials;
class Page {
  public function __construct(private ?AllTrials $trials = null) { $this->trials ??= Di::get('Trials'); }
  public function show($u) {
    return $this->trials->isOn('one') && $this->trials->of($u)->isOn('two');
  }
}
`;
    expect(await found(source, 'app/Web/Page.php', others)).toEqual(['one@7 wrapper', 'two@7 wrapper']);
  });

  it('are told where nothing says whose they are', async () => {
    const source = inMethod(
      "// $this->unleash->isEnabled('comment');\n$plan->hasFeature('seats'); $x->isEnabled('x'); $cache->get('k');\nFeature::active('foreign'); Route::get('/isEnabled', fn () => 1);\necho \"\\$this->unleash->isEnabled('said')\";",
    );
    expect(await found(source, at)).toEqual([]);
  });
});

describe('what PHP keeps elsewhere', () => {
  const service = inClass(
    'public function on(string $key, bool $default = false): bool { return $this->unleash->isEnabled($key, null, $default); }\npublic function flag(Enums\\Flag $flag): bool { return $this->on($flag->value); }',
  );
  const others = {
    'composer.json': composer,
    'app/A.php': service,
    'app/Enums/Flag.php':
      "<?php\nnamespace App\\Enums;\nuse Unleash\\Client\\Unleash;\nenum Flag: string {\n  case New = 'new-one';\n  case Old = 'old-one';\n  public function asked(Unleash $u): bool { return $u->isEnabled($this->value); }\n}\n",
    'app/Enums/Keys.php': "<?php\nnamespace App\\Enums;\nfinal class Keys { const CART = 'cart'; }\n",
    'app/helpers.php': '<?php\nfunction feature(string $key) { return app(\\App\\A::class)->on($key); }\n',
    // Another class of the same name, in no namespace that is asked for.
    'lib/Keys.php': "<?php\nnamespace Lib;\nclass Keys { const CART = 'wrong'; }\n",
  };
  const use = (body: string): string =>
    `<?php\nnamespace App\\Http;\nuse App\\A;\nuse App\\Enums\\{Flag, Keys as K};\nclass C {\n  private A $a;\n  function f($u) { ${body} }\n}\n`;

  it.each([
    ["$this->a->on('w');", ['w@7 wrapper']],
    ["$this->a->on(default: true, key: 'w');", ['w@7 wrapper']],
    ['$this->a->on(K::CART);', ['cart@7 constant']],
    ['$this->a->on(\\App\\Enums\\Keys::CART);', ['cart@7 constant']],
    ['$this->a->on(Flag::New->value);', ['new-one@7 enum']],
    ['$this->a->flag(Flag::Old);', ['old-one@7 enum']],
    ['Flag::New->asked($u);', ['new-one@7 enum']],
    ["feature('h');", ['h@7 wrapper']],
    ["\\feature('h');", ['h@7 wrapper']],
    ["resolve(A::class)->on('made');", ['made@7 wrapper']],
  ])('%s', async (body, expected) => {
    expect(await found(use(body), 'app/Http/C.php', others)).toEqual(expected);
  });
});

describe('guarded regions in PHP', () => {
  const regions = async (body: string): Promise<string[]> => {
    const finder = await finderOf({ [at]: inMethod(body) });
    const facts = await finder.index.facts(at);
    return (facts?.references ?? []).flatMap((reference) =>
      reference.regions.map(
        (region) => `${whenText(region.when)} ${String(region.startLine)}-${String(region.endLine)}`,
      ),
    );
  };

  it.each([
    ["if ($this->unleash->isEnabled('k')) {\n  a();\n} else {\n  b();\n}", ['truthy 6-8', 'falsy 8-10']],
    ["if (!$this->unleash->isEnabled('k')) {\n  return 1;\n}\na();", ['falsy 6-8', 'truthy 8-10']],
    ["if ($x): ?>\n<?php elseif ($this->unleash->isEnabled('k')): ?>\n<p>\n</p>\n<?php endif;", ['truthy 7-10']],
    ["$on = $this->unleash->isEnabled('k');\nif ($on && $x) a();", ['truthy 7-7', 'truthy 7-7']],
    ["return $this->unleash->isEnabled('k')\n  ? a()\n  : b();", ['truthy 7-7', 'falsy 8-8']],
    [
      "switch ($this->unleash->getVariant('v')) {\n  case 'blue':\n    a(); break;\n  default:\n    b();\n}",
      ['equal="blue" 8-8', 'different="blue" 10-10'],
    ],
    [
      "return match (true) {\n  $this->unleash->isEnabled('k') => a(),\n  default => b(),\n};",
      ['truthy 7-7', 'falsy 8-8'],
    ],
  ])('%s', async (body, expected) => {
    expect(await regions(body)).toEqual(expected);
  });
});

describe('code paths in PHP', () => {
  const routes = async (source: string, others: Record<string, string> = {}): Promise<string[]> => {
    const finder = await finderOf({ 'composer.json': composer, 'app/R.php': source, ...others });
    const paths = await Promise.all(['app/R.php', ...Object.keys(others)].map((path) => finder.index.facts(path)));
    return paths
      .flatMap((facts) => facts?.codePaths ?? [])
      .flatMap(({ name, routes: all }) => all.map(({ method, template }) => `${method} ${template} ${name}`))
      .sort();
  };

  it('are under the routes of Laravel, in groups', async () => {
    const source =
      "<?php\nuse Illuminate\\Support\\Facades\\Route;\nuse App\\Orders;\nRoute::prefix('/api')->middleware('auth')->group(function () {\n  Route::get('/orders/{id}', [Orders::class, 'one']);\n  Route::match(['PUT', 'PATCH'], '/orders', 'App\\Orders@all');\n});\nRoute::get('/run', Orders::class);\n";
    const orders =
      '<?php\nnamespace App;\nclass Orders {\n  function one() { return 1; }\n  function all() { return 2; }\n  function __invoke() { return 3; }\n}\n';
    expect(await routes(source, { 'app/Orders.php': orders })).toEqual([
      'GET /api/orders/{id} App.Orders.one',
      'GET /run App.Orders.__invoke',
      'PATCH /api/orders App.Orders.all',
      'PUT /api/orders App.Orders.all',
    ]);
  });

  it("are under Slim's and Symfony's", async () => {
    expect(
      await routes(
        "<?php\nuse Slim\\App;\nreturn function (App $app) {\n  $app->group('/v1', function ($group) {\n    $group->post('/getquote', function ($request) { return 1; });\n  });\n};\n",
      ),
    ).toEqual(['POST /v1/getquote POST /v1/getquote']);
    expect(
      await routes(
        "<?php\nuse Symfony\\Component\\Routing\\Attribute\\Route;\n#[Route('/shop')]\nclass C {\n  #[Route('/cart/{id}', name: 'cart', methods: ['GET', 'POST'])]\n  public function cart() { return 1; }\n}\n",
      ),
    ).toEqual(['GET /shop/cart/{id} C.cart', 'POST /shop/cart/{id} C.cart']);
  });
});

describe('broken PHP', () => {
  it('never throws on cut files', async () => {
    const source = inClass(
      "#[A('x')] enum E: string { case A = 'a'; }\nfunction f() {\n  if (!$this->unleash->isEnabled(\"a-$b {$c->d}\")): return; else: ?><p><?= 1 ?><?php endif;\n  return match (true) { $x => <<<'K'\n  k\n  K, default => fn () => 2 };\n}",
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(source.length), fc.nat(source.length), async (a, b) => {
        const finder = await finderOf({ [at]: source.slice(0, a) + source.slice(b) });
        fileFactsSchema.parse(await finder.index.facts(at));
      }),
      { numRuns: 60 },
    );
  });

  it.each(['(', '{', 'if (', 'f(', '$a->', '"{$', 'class A {', 'match (', '!', '[', '<<<A\n', '#['])(
    'does not fall over %s repeated',
    async (text) => {
      const finder = await finderOf({ [at]: `<?php use Unleash\\Client\\Unleash;\n${text.repeat(3_000)}` });
      fileFactsSchema.parse(await finder.index.facts(at));
    },
  );
});
