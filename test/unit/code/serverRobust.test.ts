import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../src/code/languages/table';
import { isMinified } from '../../../src/code/scan/decode';
import { fileFactsSchema, type FileFacts } from '../../../src/model/reference';
import { finderOf, installedGrammars, root } from './finderHarness';

interface Case {
  readonly path: string;
  readonly head: string;
  /** An evaluation in a statement of its own. */
  readonly asks: string;
  readonly fragments: readonly string[];
  /** Real-looking code, of which every mutation is read as well. */
  readonly sample: string;
  readonly deep: readonly (readonly [string, number])[];
}

const python: Case = {
  path: 'a.py',
  head: 'from openfeature import api\nclient = api.get_client()\n',
  asks: 'client.get_boolean_value("k", False)\n',
  fragments: [
    'client.get_boolean_value(',
    '"k"',
    ', False)',
    'def f(self, a=1, *b, **c):\n    ',
    'class X(Enum):\n    ',
    'if ',
    ':\n        ',
    'else:\n',
    'elif ',
    'return ',
    'f"a{',
    '}"',
    '"""',
    '@app.route("/x")\n',
    'lambda a: ',
    'match x:\n    case "a":\n        ',
    'with a as b:\n',
    'from . import x',
    'import a.b as c',
    'async ',
    'await ',
    '\n',
    '\t',
    '(',
    ')',
    '[',
    '{',
    '}',
    ':=',
    ' = ',
    'flag_key=',
    '\\',
    '#',
    '\u{1F600}',
    '\0',
    'global x\n',
  ],
  sample: `class Cart(base.CartServicer):\n    KEY = "k"\n\n    @property\n    def flags(self):\n        return api.get_client("x")\n\n    @app.get("/x/{id}")\n    async def add(self, user: User, *rest, key: str = "a", **more) -> Optional[Cart]:\n        if (on := self.flags.get_boolean_value(self.KEY, False)) and user:\n            return f"{user!r}:{key}" "b"\n        elif key == "%s" % user:\n            raise ValueError()\n        match key:\n            case "a" | "b":\n                pass\n            case _ if on:\n                pass\n        return {**more, "a": [x for x in rest]}\n`,
  deep: [
    ['(', 20_000],
    ['[', 20_000],
    ['f(', 10_000],
    ['not ', 20_000],
    ['a.b().', 10_000],
    ['lambda: ', 10_000],
    ['a + ', 20_000],
    ['f"{', 2_000],
  ],
};

const go: Case = {
  path: 'a.go',
  head: 'package a\nimport "github.com/open-feature/go-sdk/openfeature"\nvar client = openfeature.NewDefaultClient()\n',
  asks: 'var on = client.Boolean(ctx, "k", false, ec)\n',
  fragments: [
    'client.Boolean(ctx, ',
    '"k"',
    ', false, ec)',
    'func f(a, b string) (bool, error) {\n',
    'func (s *S) f() {\n',
    'if v, err := ',
    '; v {\n',
    '} else {',
    '}',
    '{',
    'switch x {\ncase "a":\n',
    'default:\n',
    'fallthrough\n',
    'return ',
    'const (\n',
    'type T struct {\n',
    'type I interface {\n',
    '*pb.Y\n',
    'var x = ',
    ' := ',
    'T{A: ',
    'map[string]string{',
    '`',
    '"',
    'go func() {',
    '(',
    ')',
    '[',
    ']',
    '&',
    '!',
    '&&',
    '\n',
    'mux.HandleFunc("GET /x", ',
    'fmt.Sprintf("a%s", ',
    '\u{1F600}',
    '\0',
    '/*',
    '//',
  ],
  sample: `type cart struct {\n\tpb.UnimplementedCartServer\n\tflags *openfeature.Client\n\ta, b string\n}\n\nconst (\n\tA Flag = "a"\n\tB\n)\n\nfunc (c *cart) Add(ctx context.Context, req *pb.AddRequest, opts ...string) (v *pb.Cart, err error) {\n\tif on, err := c.flags.BooleanValue(ctx, string(A), false, openfeature.EvaluationContext{}); err == nil && on {\n\t\treturn &pb.Cart{Items: []string{"x"}, Of: map[string]int{"a": 1}}, nil\n\t} else if !on {\n\t\tpanic("x")\n\t}\n\tswitch s := fmt.Sprintf("a-%s", c.a); s {\n\tcase "a", "b":\n\t\tfallthrough\n\tdefault:\n\t\tgo func() { defer c.f() }()\n\t}\n\tfor i, x := range req.Items { c.b = x }\n\treturn\n}\n`,
  deep: [
    ['(', 20_000],
    ['var x = f(', 10_000],
    ['func() {', 5_000],
    ['!', 20_000],
    ['a + ', 20_000],
    ['if a {', 5_000],
    ['T{', 10_000],
    ['a.b().', 10_000],
  ],
};

/** Lines enough that one long one does not make the file a minified one, which nobody parses. */
const notMinified = '\n'.repeat(200);

/** Without the places keys are defined at, which follow when typing pauses. */
function asked(facts: FileFacts): FileFacts {
  return { ...facts, references: facts.references.filter(({ kind }) => kind !== 'definition') };
}

/**
 * Whether the parser itself makes the same of a text by editing as by reading: what a syntax error is taken for may
 * depend on what stood there before.
 */
async function parsesAlike(path: string, was: string, is: string): Promise<boolean> {
  const language = languageOf(path)!;
  return installedGrammars.parsing(language, language.grammar, (parser) => {
    const old = parser.parse(was);
    const trees = [parser.parse(is, { tree: old, text: was }), parser.parse(is)];
    const [edited, fresh] = trees.map((tree) =>
      JSON.stringify(parser.read(tree, is), (key, value: unknown) =>
        key === 'source' || key === 'namedChildren' ? undefined : value,
      ),
    );
    for (const tree of [old, ...trees]) tree.delete();
    return edited === fresh;
  });
}

describe.each([
  ['Python', python],
  ['Go', go],
])('any text as %s', (_, { path, head, asks, fragments, sample, deep }) => {
  const broken = fc
    .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 6 })), { maxLength: 60 })
    .map((parts) => parts.join(' '));
  const mutated = fc
    .tuple(fc.nat(sample.length), fc.nat(30), fc.oneof(fc.constantFrom(...fragments), fc.constant('')))
    .map(([at, length, put]) => sample.slice(0, at) + put + sample.slice(at + length));

  it('never throws, gives facts of the schema, and the same facts again', async () => {
    const finder = await finderOf({ [`b/${path}`]: head });
    let version = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(broken, mutated), async (text) => {
        const first = await finder.index.edit(path, head + text, String(++version));
        expect(() => fileFactsSchema.parse(first)).not.toThrow();
        expect(asked(await finder.index.edit(path, head + text, String(version)))).toEqual(asked(first));
      }),
      { numRuns: 150 },
    );
  });

  it('gives by editing what reading gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(broken, mutated),
        broken,
        fc.oneof(broken, mutated),
        async (before, inserted, after) => {
          const was = `${head}${before}\n${asks}${after}`;
          const is = `${head}${before}\n${inserted}\n${asks}${after}`;
          fc.pre(await parsesAlike(path, was, is));
          const { index } = await finderOf({ [path]: '' });
          await index.edit(path, was, '1');
          const edited = await index.edit(path, is, '2');
          const fresh = await finderOf({ [`b/${path}`]: '' });
          const read = await fresh.index.edit(path, is, '2');
          expect(asked(edited)).toEqual(asked(read));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads what stands around a syntax error', async () => {
    const { index } = await finderOf({ [path]: `${head}x = = (\n${asks}` });
    expect((await index.facts(path))!.references.map(({ key }) => key)).toEqual(['k']);
  });

  it.each(deep)('does not fall over %s repeated', async (part, times) => {
    const { index } = await finderOf({ [path]: '' });
    const text = `${head}${asks}${notMinified}${part.repeat(times)}`;
    expect(isMinified(text)).toBe(false);
    const facts = await index.edit(path, text, '1');
    expect(facts.path).toBe(path);
  });

  it('says why a file was not read', async () => {
    const finder = await finderOf({ [`b/${path}`]: head });
    finder.files.set(`${root}/${path}`, new Uint8Array([99, 108, 0, 1, 2]));
    await finder.index.changed([path]);
    expect(await finder.index.facts(path)).toMatchObject({ references: [], truncated: 'binary' });
    finder.files.set(`${root}/${path}`, new Uint8Array(2 * 1024 * 1024 + 1).fill(32));
    await finder.index.changed([path]);
    expect(await finder.index.facts(path)).toMatchObject({ references: [], truncated: 'larger than 2 MB' });
  });

  it('answers for 5,000 lines that ask for flags, and for an edit in them', async () => {
    const text = head + `${sample}\n`.repeat(Math.ceil(5_000 / sample.split('\n').length)) + asks;
    const { index } = await finderOf({ [path]: text });
    await index.edit(path, text, '1');
    const edited = await index.edit(path, text.replace(asks, asks.replace('"k"', '"kk"')), '2');
    expect(edited.references.at(-1)).toMatchObject({ key: 'kk', line: text.split('\n').length - 1 });
  }, 60_000);
});

describe('an edit behind a syntax error', () => {
  it('gives what reading gives, where the error is understood otherwise before the edit', async () => {
    const broken = python.sample.replace('{user!r}:{key}" "b"', '{" "b"');
    const before = `${python.head}${broken}\n${python.asks}${python.sample}`;
    const after = `${python.head}${broken}\n"k"\n${python.asks}${python.sample}`;
    const { index } = await finderOf({ 'a.py': '' });
    await index.edit('a.py', before, '1');
    const edited = await index.edit('a.py', after, '2');
    const read = await (await finderOf({ 'b.py': '' })).index.edit('a.py', after, '2');
    expect(asked(edited)).toEqual(asked(read));
  });
});

describe('an edit of a long Python class', () => {
  it('gives what reading gives', async () => {
    const member = (i: number): string =>
      `    def m${String(i)}(self):\n        return self.flags.get_boolean_value("k${String(i)}", False)\n\n`;
    const text = `${python.head}class Big(Base):\n    def __init__(self):\n        self.flags = api.get_client()\n\n${Array.from({ length: 100 }, (_, i) => member(i)).join('')}`;
    const changed = text.replace('"k50"', '"other"').replace('    def m70', '    @cached\n    def m70');
    const { index } = await finderOf({ 'a.py': text });
    await index.edit('a.py', text, '1');
    const edited = await index.edit('a.py', changed, '2');
    const read = await (await finderOf({ 'b.py': '' })).index.edit('a.py', changed, '2');
    expect(edited).toEqual(read);
    expect(edited.references).toHaveLength(100);
    expect(edited.references[50]).toMatchObject({ key: 'other', function: 'Big.m50' });
  });
});
