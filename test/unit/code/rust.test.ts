import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileFactsSchema } from '../../../src/model/reference';
import { finderOf, found, whenText } from './finderHarness';

const at = 'src/a.rs';
/** The body of a function that is given a client; it starts on line 3. */
const inFn = (body: string): string =>
  `use launchdarkly_server_sdk::{Client, Context};\nasync fn f(ld: &Client, ctx: &Context, id: &str, x: i32) {\n${body}\n}\n`;

describe('keys in Rust', () => {
  it.each([
    [inFn('ld.bool_variation(ctx, "k", false);'), ['k@3 literal']],
    [inFn('let on = ld\n  .bool_variation(\n    ctx,\n    "k",\n    false,\n  );'), ['k@6 literal']],
    [inFn('ld.str_variation(ctx, r#"k"#, "x".to_string());'), ['k@3 literal']],
    [inFn('ld.bool_variation(ctx, &format!("pre-{}", next()), false);'), ['/pre-*/@3 template dynamic']],
    [inFn('let k = "k"; ld.bool_variation(ctx, k, false);'), ['k@3 constant']],
    [inFn('let mut k = "k"; k = "j"; ld.bool_variation(ctx, k, false);'), ['/*/@3 template dynamic']],
    [inFn('ld.bool_variation(ctx, if x > 1 { "a" } else { "b" }, false);'), ['a@3 literal', 'b@3 literal']],
    [inFn('ld.bool_variation(ctx, match x { 1 => "a", _ => "b" }, false);'), ['a@3 literal', 'b@3 literal']],
    [inFn('let c = |key: &str| ld.bool_variation(ctx, key, false); c("k");'), ['k@3 wrapper']],
    [inFn('let t = async move { ld.bool_variation(ctx, "k", false) };'), ['k@3 literal']],
    [inFn('assert!(!ld.bool_variation(ctx, "k", false));'), ['k@3 literal']],
    [inFn('let (a, b) = (ld.bool_variation(ctx, "k", false), 1);'), ['k@3 literal']],
    [inFn('info!("{}", ld.bool_variation(ctx, "said", false));'), []],
    [`const KEY: &str = "k";\n${inFn('ld.bool_variation(ctx, KEY, false);')}`, ['k@4 constant']],
    [`mod keys { pub const KEY: &str = "k"; }\n${inFn('ld.bool_variation(ctx, keys::KEY, false);')}`, ['k@4 constant']],
    [
      `struct Keys;\nimpl Keys { const KEY: &'static str = "k"; }\n${inFn('ld.bool_variation(ctx, Keys::KEY, false);')}`,
      ['k@5 constant'],
    ],
    [
      `struct Def { key: &'static str }\nconst NEW: Def = Def { key: "k" };\n${inFn('ld.bool_variation(ctx, NEW.key, false);')}`,
      ['k@5 property'],
    ],
    [
      `enum Flag { New, Old }\nimpl Flag { fn key(&self) -> &'static str { match self { Flag::New => "k", Self::Old => "j" } } }\n${inFn('ld.bool_variation(ctx, Flag::Old.key(), false);')}`,
      ['j@5 enum'],
    ],
    [
      `#[derive(AsRefStr)]\n#[strum(serialize_all = "kebab-case")]\nenum Flag { NewOne, #[strum(serialize = "two")] Two }\n${inFn('ld.bool_variation(ctx, Flag::NewOne.as_ref(), false); ld.bool_variation(ctx, Flag::Two.as_ref(), false);')}`,
      ['new-one@6 enum', 'two@6 enum'],
    ],
  ])('%s', async (source, expected) => {
    expect(await found(source, at)).toEqual(expected);
  });

  it('are told where nothing says whose they are', async () => {
    const source = inFn(
      '// ld.bool_variation(ctx, "comment", false);\nplan.has_feature("seats"); lamp.is_on("kitchen"); row.get_bool_value("x");\nlet s = "ld.bool_variation(ctx, \\"said\\", false)"; map.get("k"); std::env::var("FLAG");',
    );
    expect(await found(source, at)).toEqual([]);
  });

  it('are of tests in a module of tests', async () => {
    const source = `${inFn('ld.bool_variation(ctx, "k", false);')}#[cfg(test)]\nmod tests {\n  use super::*;\n  #[test]\n  fn t(ld: Client) { ld.bool_variation(ctx, "only-test", false); }\n}\n`;
    const facts = await (await finderOf({ [at]: source })).index.facts(at);
    expect(facts?.references.map(({ key, kind }) => `${key ?? ''} ${kind}`)).toEqual([
      'k evaluation',
      'only-test test',
    ]);
  });
});

describe('what Rust keeps elsewhere', () => {
  const others = {
    'api/Cargo.toml': '[package]\nname = "shop-api"\n',
    'api/src/main.rs': 'mod flags;\nmod use_it;\nfn main() {}\n',
    'flags/Cargo.toml': '[package]\nname = "shop-flags"\n',
    'flags/src/lib.rs': 'pub const SHARED: &str = "shared";\n',
    'api/src/flags/mod.rs':
      'use open_feature::Client;\nuse std::sync::Arc;\npub mod keys;\npub trait Flags { async fn is_on(&self, key: &str) -> bool; }\npub struct Service { client: Arc<Client> }\nimpl Service {\n  pub async fn check(&self, flag: Flag) -> bool { self.client.get_bool_value(flag.as_str(), None, None).await.unwrap_or(false) }\n}\nimpl Flags for Service {\n  async fn is_on(&self, key: &str) -> bool { self.client.get_bool_value(key, None, None).await.unwrap_or(false) }\n}\npub enum Flag { New }\nimpl Flag { pub fn as_str(&self) -> &str { match self { Flag::New => "new-one" } } }\n',
    'api/src/flags/keys.rs': 'pub const CART: &str = "cart";\n',
  };
  const use = (body: string): string =>
    `use crate::flags::{self, keys, Flag, Flags, Service};\nasync fn f(s: &Service, dy: Box<dyn Flags>, flags: u8) {\n${body}\n}\n`;

  it.each([
    ['s.is_on("w").await;', ['w@3 wrapper']],
    ['dy.is_on("by-trait").await;', ['by-trait@3 wrapper']],
    ['s.is_on(keys::CART).await;', ['cart@3 constant']],
    ['s.is_on(flags::keys::CART).await;', ['cart@3 constant']],
    ['s.is_on(crate::flags::keys::CART).await;', ['cart@3 constant']],
    ['s.is_on(super::flags::keys::CART).await;', ['cart@3 constant']],
    ['s.is_on(shop_flags::SHARED).await;', ['shared@3 constant']],
    ['s.check(Flag::New).await;', ['new-one@3 enum']],
    ['tokio::join!(s.is_on("j"), s.check(Flag::New));', ['j@3 wrapper', 'new-one@3 enum']],
  ])('%s', async (body, expected) => {
    expect(await found(use(body), 'api/src/use_it.rs', others)).toEqual(expected);
  });
});

describe('guarded regions in Rust', () => {
  const regions = async (body: string): Promise<string[]> => {
    const finder = await finderOf({ [at]: inFn(body) });
    const facts = await finder.index.facts(at);
    return (facts?.references ?? []).flatMap((reference) =>
      reference.regions.map(
        (region) => `${whenText(region.when)} ${String(region.startLine)}-${String(region.endLine)}`,
      ),
    );
  };
  const on = 'ld.bool_variation(ctx, "k", false)';

  it.each([
    [`if ${on} {\n  a();\n} else {\n  b();\n}`, ['truthy 3-5', 'falsy 5-7']],
    [`if !${on} {\n  return;\n}\na();`, ['falsy 3-5', 'truthy 5-7']],
    [`if !${on} {\n  panic!("off");\n}\na();`, ['falsy 3-5', 'truthy 5-7']],
    [`let on = ${on};\nif on && x > 1 {\n  a();\n}`, ['truthy 4-6']],
    [`if let Ok(true) = ask(${on}) {\n  a();\n}`, []],
    [
      'match ld.str_variation(ctx, "v", d()).as_str() {\n  "blue" => a(),\n  "red" | "green" => b(),\n  _ => c(),\n}',
      ['equal="blue" 4-4', 'oneOf=["red","green"] 5-5'],
    ],
    [`match ${on} {\n  true => a(),\n  false => b(),\n}`, ['truthy 4-4', 'falsy 5-5']],
  ])('%s', async (body, expected) => {
    expect((await regions(body)).slice(0, Math.max(1, expected.length))).toEqual(expected);
  });
});

describe('code paths in Rust', () => {
  const routes = async (sources: Record<string, string>): Promise<string[]> => {
    const finder = await finderOf(sources);
    const all = await Promise.all(Object.keys(sources).map((path) => finder.index.facts(path)));
    return all
      .flatMap((facts) => facts?.codePaths ?? [])
      .flatMap(({ name, routes: found }) => found.map(({ method, template }) => `${method} ${template} ${name}`))
      .sort();
  };

  it("are under axum's routes, nested ones too", async () => {
    expect(
      await routes({
        'src/main.rs':
          'use axum::{routing::get, Router};\nmod orders;\nasync fn home() {}\nasync fn made() {}\nfn app() -> Router { Router::new().route("/", get(home).post(made)).nest("/api", orders::routes()) }\n',
        'src/orders.rs':
          'use axum::{routing::get, Router};\nasync fn one() {}\npub fn routes() -> Router { Router::new().route("/orders/:id", get(one)) }\n',
      }),
    ).toEqual(['GET / home', 'GET /api/orders/:id one', 'POST / made']);
  });

  it("are under actix's", async () => {
    expect(
      await routes({
        'src/main.rs':
          'use actix_web::{get, post, web, App};\n#[post("/ship-order")]\nasync fn ship() {}\nasync fn listed() {}\nasync fn one() {}\nfn main() { App::new().service(ship).route("/list", web::get().to(listed)).service(web::resource("/one").route(web::put().to(one))); }\n',
      }),
    ).toEqual(['GET /list listed', 'POST /ship-order ship', 'PUT /one one']);
  });

  it("are methods of tonic's services", async () => {
    expect(
      await routes({
        'src/main.rs':
          'use shop::cart_service_server::{CartService, CartServiceServer};\nuse tonic::{Request, Response, Status};\nstruct Cart {}\n#[tonic::async_trait]\nimpl CartService for Cart {\n  async fn add_item(&self, request: Request<Item>) -> Result<Response<Empty>, Status> { todo() }\n}\n',
      }),
    ).toEqual(['RPC CartService/AddItem Cart.add_item']);
  });
});

describe('broken Rust', () => {
  it('never throws on cut files', async () => {
    const source = `#[derive(A)]\nenum E { A, #[serde(rename = "b")] B(String) }\nmacro_rules! m { ($k:expr) => { $k } }\n${inFn(
      'if let Some(a) = x && !ld.bool_variation(ctx, &format!("a-{}-{id}", y.z()), false) { return Ok(()); }\nlet Self { client, .. } = self else { panic!("x") };\nmatch self { E::A => r#"a"#, E::B(s) if s.len() > 1 => &s, _ => vec!["a", b] };\ntokio::select! { a = f(&b.c("d")) => {}, }',
    )}`;
    await fc.assert(
      fc.asyncProperty(fc.nat(source.length), fc.nat(source.length), async (a, b) => {
        const finder = await finderOf({ [at]: source.slice(0, a) + source.slice(b) });
        fileFactsSchema.parse(await finder.index.facts(at));
      }),
      { numRuns: 60 },
    );
  });

  it.each(['(', '{', 'if ', 'f(', 'a.', 'm!(', 'impl A {', 'match x {', '!', '[', 'a::', '#[a(', '<'])(
    'does not fall over %s repeated',
    async (text) => {
      const finder = await finderOf({ [at]: `use launchdarkly_server_sdk::Client;\n${text.repeat(3_000)}` });
      fileFactsSchema.parse(await finder.index.facts(at));
    },
  );
});
