import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileFactsSchema } from '../../../src/model/reference';
import { finderOf, found, whenText } from './finderHarness';

const at = 'Sources/Shop/A.swift';
/** Members of a class that is given a client; they start on line 4. */
const inClass = (members: string): string =>
  `import LaunchDarkly\nfinal class A {\n  private let client: LDClient\n${members}\n}\n`;
const inMethod = (body: string): string => inClass(`  func f(ctx: Ctx) {\n${body}\n  }`);
const asks = (key: string): string => `client.boolVariation(forKey: ${key}, defaultValue: false)`;

describe('keys in Swift', () => {
  it.each([
    [inMethod(asks('"k"')), ['k@5 literal']],
    [inMethod(`self.${asks('"k"')}`), ['k@5 literal']],
    [inMethod(`if !${asks('"k"')} { return }`), ['k@5 literal']],
    [inMethod('LDClient.get()!.stringVariation(forKey: "k", defaultValue: "")'), ['k@5 literal']],
    [inMethod('LDClient.get()?.stringVariation(forKey: "k", defaultValue: "") ?? ""'), ['k@5 literal']],
    [
      inMethod('guard let c = LDClient.get() else { return }\nc.jsonVariation(forKey: "k", defaultValue: nil)'),
      ['k@6 literal'],
    ],
    [inMethod('if let c = LDClient.get(), c.boolVariation(forKey: "k", defaultValue: true) { a() }'), ['k@5 literal']],
    [inMethod(asks('"pre-\\(name())"')), ['/pre-*/@5 template dynamic']],
    [inMethod(asks('"pre-" + name()')), ['/pre-*/@5 template dynamic']],
    [inMethod(asks('ctx.a ? "a" : "b"')), ['a@5 literal', 'b@5 literal']],
    [inMethod(`let key = "k"\n${asks('key')}`), ['k@6 constant']],
    [inMethod(`var key = "k"\nkey = "j"\n${asks('key')}`), ['/*/@7 template dynamic']],
    [inMethod(asks('#"k"#')), ['k@5 literal']],
    [inMethod(`items.forEach { item in ${asks('"k"')} }`), ['k@5 literal']],
    [inMethod(`Task { [weak self] in await self?.${asks('"k"')} }`), ['k@5 literal']],
    [inClass(`  var on: Bool { ${asks('"k"')} }`), ['k@4 literal']],
    [inClass(`  var on: Bool {\n    get { return ${asks('"k"')} }\n  }`), ['k@5 literal']],
    [inClass(`  lazy var on = ${asks('"k"')}`), ['k@4 literal']],
    [inClass(`  static let key = "k"\n  func f() -> Bool { ${asks('Self.key')} }`), ['k@5 constant']],
    [inClass(`  static let key = "k"\n  func f() -> Bool { ${asks('A.key')} }`), ['k@5 constant']],
    [`${inClass(`  func f() -> Bool { ${asks('key')} }`)}private let key = "k"\n`, ['k@4 constant']],
    [`${inClass(`  func f() -> Bool { ${asks('Keys.new')} }`)}enum Keys { static let new = "k" }\n`, ['k@4 constant']],
    [
      `${inClass(`  func f() -> Bool { ${asks('Keys.new')} }`)}struct Keys {}\nextension Keys { static let new = "k" }\n`,
      ['k@4 constant'],
    ],
    [
      `${inClass(`  func f() -> Bool { ${asks('Flag.new.rawValue')} }`)}enum Flag: String { case new = "k", old }\n`,
      ['k@4 enum'],
    ],
    [
      `${inClass(`  func f() -> Bool { ${asks('Flag.old.rawValue')} }`)}enum Flag: String {\n  case new = "k", old\n}\n`,
      ['old@4 enum'],
    ],
    [
      'import OpenFeature\nlet client = OpenFeatureAPI.shared.getClient()\nfunc f() { client.getBooleanValue(key: "k", defaultValue: false) }',
      ['k@3 literal'],
    ],
    ['import Statsig\nfunc f() { if Statsig.checkGate("k") { a() } }', ['k@2 literal']],
    ['import PostHog\nfunc f() { PostHogSDK.shared.isFeatureEnabled("k") }', ['k@2 literal']],
    [
      'import FirebaseRemoteConfig\nlet config = RemoteConfig.remoteConfig()\nfunc f() { config.configValue(forKey: "k").boolValue\n config["j"].stringValue }',
      ['k@3 literal', 'j@4 literal'],
    ],
    ['class A {\n  func f(b: Button) { b.isEnabled("k") }\n}', []],
    [
      inMethod(
        '// client.boolVariation(forKey: "k", defaultValue: false)\nlog("client.boolVariation(forKey: \\"k\\")")\ndict["k"]',
      ),
      [],
    ],
  ])('%s', async (source, expected) => {
    expect(await found(source, at)).toEqual(expected);
  });

  const others = {
    'Sources/Shop/Flag.swift': `enum Flag: String {
  case newCheckout = "new-checkout"
  case oldCart
}
enum Names {
  static let top = "top-key"
}
struct Other { private enum Names { static let top = "other" } }
enum Step {
  case one, two
  var key: String {
    switch self {
    case .one: return "step-one"
    case .two: "step-two"
    }
  }
}
`,
    'Sources/Shop/FlagService.swift': `import LaunchDarkly
protocol FlagService {
  func isOn(_ flag: Flag) -> Bool
  func isOn(forKey key: String, fallback: Bool) -> Bool
}
final class LaunchDarklyService: FlagService {
  static let shared = LaunchDarklyService()
  private let client: LDClient
  init(client: LDClient) { self.client = client }
  func isOn(_ flag: Flag) -> Bool {
    return client.boolVariation(forKey: flag.rawValue, defaultValue: false)
  }
  func isOn(step: Step) -> Bool { client.boolVariation(forKey: step.key, defaultValue: false) }
  func isOn(forKey key: String, fallback: Bool = false) -> Bool { client.boolVariation(forKey: key, defaultValue: fallback) }
}
extension LaunchDarklyService {
  func text(_ key: String) -> String { client.stringVariation(forKey: key, defaultValue: "") }
}
`,
  };
  it.each([
    ['func f() { LaunchDarklyService.shared.isOn(Flag.newCheckout) }', ['new-checkout@1 enum']],
    ['func f() { LaunchDarklyService.shared.isOn(.newCheckout) }', ['new-checkout@1 enum']],
    ['class A {\n  let flags: FlagService\n  func f() { if flags.isOn(.oldCart) { a() } }\n}', ['oldCart@3 enum']],
    [
      'class A {\n  let flags: FlagService\n  func f() { flags.isOn(forKey: Names.top, fallback: true) }\n}',
      ['top-key@3 constant'],
    ],
    ['func f() { LaunchDarklyService.shared.text("k") }', ['k@1 wrapper']],
    ['func f() { LaunchDarklyService.shared.isOn(step: .two) }', ['step-two@1 enum']],
  ])('across files: %s', async (source, expected) => {
    expect(await found(source, at, others)).toEqual(expected);
  });
});

async function regions(body: string): Promise<string[]> {
  const finder = await finderOf({ [at]: inMethod(body) });
  const facts = await finder.index.facts(at);
  return (facts?.references ?? []).flatMap(({ regions: all }) =>
    all.map((region) => `${String(region.startLine - 4)}-${String(region.endLine - 4)} ${whenText(region.when)}`),
  );
}

describe('guarded regions in Swift', () => {
  it.each([
    [`if ${asks('"k"')} {\n  a()\n} else {\n  b()\n}`, ['2-3 truthy', '4-5 falsy']],
    [`guard ${asks('"k"')} else {\n  return\n}\na()`, ['3-5 truthy', '2-3 falsy']],
    [`if !${asks('"k"')} { return }\na()`, ['1-1 falsy', '1-3 truthy']],
    [`let on = ${asks('"k"')}\nif on {\n  a()\n}`, ['3-4 truthy']],
    [`let x = ${asks('"k"')} ? a() : b()`, ['1-1 truthy', '1-1 falsy']],
    [`if x, ${asks('"k"')} {\n  a()\n}`, ['2-3 truthy']],
    [`${asks('"k"')} && a()`, ['1-1 truthy']],
    [
      'switch client.stringVariation(forKey: "k", defaultValue: "") {\ncase "blue", "red":\n  a()\ndefault:\n  b()\n}',
      ['3-3 oneOf=["blue","red"]', '5-6 different="blue"', '5-6 different="red"'],
    ],
  ])('%s', async (body, expected) => {
    expect(await regions(body)).toEqual(expected);
  });
});

describe('broken Swift', () => {
  it('reads what is built one way and what is built the other', async () => {
    const source = `import LaunchDarkly
func a(client: LDClient) -> Bool {
    #if DEBUG
    let on = client.boolVariation(forKey: "in-debug", defaultValue: true)
    #elseif os(iOS)
    let on = client.boolVariation(forKey: "on-phones", defaultValue: true)
    #else
    let on = client.boolVariation(forKey: "in-release", defaultValue: true)
    #endif
    return on || client.boolVariation(forKey: Keys.held, defaultValue: "#if".isEmpty)
}
enum Keys {
    #if DEBUG
    static let held = "held"
    #endif
}
`;
    expect(await found(source, 'Sources/A.swift')).toEqual([
      'in-debug@4 literal',
      'on-phones@6 literal',
      'in-release@8 literal',
      'held@10 constant',
    ]);
  });

  it('never throws on cut files', async () => {
    const source = inMethod(
      `guard let c = client, !${asks('"a\\(b)"')} else { return }\nswitch x { case .a, "b": 1; default: 2 }\nlet (p, q) = t`,
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(source.length), fc.nat(source.length), async (a, b) => {
        const finder = await finderOf({ [at]: source.slice(0, a) + source.slice(b) });
        fileFactsSchema.parse(await finder.index.facts(at));
      }),
      { numRuns: 60 },
    );
  });

  it.each(['(', '{', 'if ', 'f(', 'a.', '"\\(', 'class A {', 'switch x {', '!', 'func f() {', 'a?.b!.'])(
    'does not fall over %s repeated',
    async (text) => {
      const finder = await finderOf({ [at]: `import LaunchDarkly\n${text.repeat(3_000)}` });
      fileFactsSchema.parse(await finder.index.facts(at));
    },
  );
});
