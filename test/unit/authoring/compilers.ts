import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { WrappedLanguage } from './programs';

/** What a language's own compiler, or where it has none its own check of syntax, says of a program. */
export interface Compiler {
  readonly needs: string;
  readonly how: string;
  /** Has to succeed for the compiler to be there. */
  readonly probe: readonly [string, ...string[]];
  /** What the program is compiled with: stand-ins for the SDK and the function that is called. By path. */
  readonly beside: Readonly<Record<string, string>>;
  /** Where the program goes. */
  readonly path: string;
  /** Run one after the other in the folder. */
  readonly run: readonly (readonly [string, ...string[]])[];
  /** Of the program what is compiled. */
  readonly part?: (text: string) => string;
}

const require = createRequire(import.meta.url);
const tsc = (...files: string[]): readonly [string, ...string[]] => [
  process.execPath,
  ...[require.resolve('typescript/bin/tsc'), '--noEmit', '--strict', '--target', 'es2022', '--module', 'es2022'],
  ...['--moduleResolution', 'bundler', '--jsx', 'preserve', '--skipLibCheck', ...files],
];
const node = { needs: 'Node', how: 'https://nodejs.org', probe: [process.execPath, '--version'] as const };
const debian = (name: string): string => `apt-get install ${name}`;

export const compilers: Readonly<Record<WrappedLanguage, Compiler>> = {
  typescript: {
    ...node,
    path: 'orders.ts',
    beside: {
      'sdk.d.ts': `declare function audit(what: string): void;
declare module '@openfeature/server-sdk' {
  interface Client { getBooleanValue(key: string, fallback: boolean): Promise<boolean>; getStringValue(key: string, fallback: string): Promise<string>; }
  export const OpenFeature: { getClient(): Client };
}`,
    },
    run: [tsc('orders.ts', 'sdk.d.ts')],
  },
  tsx: {
    ...node,
    path: 'Checkout.tsx',
    beside: {
      'sdk.d.ts': `declare function audit(what: string): void;
declare namespace React.JSX { interface Element {} interface IntrinsicElements { [name: string]: object } }
declare module '@openfeature/react-sdk' {
  export function useBooleanFlagValue(key: string, fallback: boolean): boolean;
  export function useStringFlagValue(key: string, fallback: string): string;
}`,
    },
    run: [tsc('Checkout.tsx', 'sdk.d.ts')],
  },
  javascript: { ...node, path: 'orders.mjs', beside: {}, run: [[process.execPath, '--check', 'orders.mjs']] },
  html: {
    ...node,
    path: 'script.mjs',
    beside: {},
    run: [[process.execPath, '--check', 'script.mjs']],
    part: (text) => /<script[^>]*>([^]*)<\/script>/.exec(text)?.[1] ?? '(',
  },
  python: {
    needs: 'Python 3',
    how: debian('python3'),
    probe: ['python3', '--version'],
    path: 'orders.py',
    beside: {},
    run: [['python3', '-m', 'py_compile', 'orders.py']],
  },
  go: {
    needs: 'Go',
    how: debian('golang'),
    probe: ['go', 'version'],
    path: 'orders.go',
    beside: {
      'go.mod': `module shop\n\ngo 1.18\n\nrequire github.com/open-feature/go-sdk v1.0.0\n\nreplace github.com/open-feature/go-sdk => ./sdk\n`,
      'sdk/go.mod': `module github.com/open-feature/go-sdk\n\ngo 1.18\n`,
      'sdk/openfeature/client.go': `package openfeature

import "context"

type EvaluationContext struct{}
type Client struct{}

func NewClient(domain string) *Client { return &Client{} }
func (*Client) BooleanValue(ctx context.Context, key string, fallback bool, of EvaluationContext) (bool, error) {
	return fallback, nil
}
func (*Client) StringValue(ctx context.Context, key string, fallback string, of EvaluationContext) (string, error) {
	return fallback, nil
}
`,
      'audit.go': `package shop\n\nfunc audit(what string) {}\n`,
    },
    run: [['go', 'vet', './...']],
  },
  java: {
    needs: 'a JDK',
    how: debian('default-jdk-headless'),
    probe: ['javac', '-version'],
    path: 'shop/Checkout.java',
    beside: {
      'dev/openfeature/sdk/Client.java': `package dev.openfeature.sdk;
public interface Client {
  boolean getBooleanValue(String key, boolean fallback);
  String getStringValue(String key, String fallback);
  default void unused() {}
}
`,
    },
    run: [['javac', '-d', 'out', 'dev/openfeature/sdk/Client.java', 'shop/Checkout.java']],
    part: (text) => text.replace(/\}\s*$/, '  private static void audit(String what) {}\n}\n'),
  },
  kotlin: {
    needs: "Kotlin's compiler",
    how: debian('kotlin'),
    probe: ['kotlinc', '-version'],
    path: 'Checkout.kt',
    beside: {
      'Client.kt': `package dev.openfeature.sdk

interface Client {
    fun getBooleanValue(key: String, fallback: Boolean): Boolean
    fun getStringValue(key: String, fallback: String): String
}
`,
      'Audit.kt': `package shop\n\nfun audit(what: String) {}\n`,
    },
    run: [['kotlinc', 'Client.kt', 'Audit.kt', 'Checkout.kt', '-d', 'out']],
  },
  csharp: {
    needs: '.NET',
    how: 'https://dotnet.microsoft.com: neither Debian nor a package registry has it',
    probe: ['dotnet', '--version'],
    path: 'Checkout.cs',
    beside: {
      'Shop.csproj': `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>\n`,
      'Sdk.cs': `using System.Threading.Tasks;
namespace OpenFeature
{
    public interface IFeatureClient
    {
        Task<bool> GetBooleanValueAsync(string key, bool fallback);
        Task<string> GetStringValueAsync(string key, string fallback);
    }
}
`,
    },
    run: [['dotnet', 'build', '--nologo', '-v', 'q']],
    part: (text) => text.replace(/\}\s*$/, '    static void Audit(string what) {}\n}\n'),
  },
  ruby: {
    needs: 'Ruby',
    how: debian('ruby'),
    probe: ['ruby', '--version'],
    path: 'checkout.rb',
    beside: {},
    run: [['ruby', '-c', 'checkout.rb']],
  },
  rust: {
    needs: 'Rust',
    how: debian('rustc'),
    probe: ['rustc', '--version'],
    path: 'orders.rs',
    beside: {
      'open_feature.rs': `pub struct Client;
impl Client {
    pub async fn get_bool_value(&self, _key: &str, _of: Option<()>, _options: Option<()>) -> Result<bool, ()> { Ok(false) }
    pub async fn get_string_value(&self, _key: &str, _of: Option<()>, _options: Option<()>) -> Result<String, ()> { Ok(String::new()) }
}
`,
    },
    run: [
      ['rustc', '--edition', '2021', '--crate-type', 'lib', 'open_feature.rs'],
      [
        ...(['rustc', '--edition', '2021', '--crate-type', 'lib', '--emit', 'metadata'] as const),
        ...['--extern', 'open_feature=libopen_feature.rlib', 'orders.rs'],
      ],
    ],
    part: (text) => `${text}\nfn audit(_what: &str) {}\n`,
  },
  php: {
    needs: 'PHP',
    how: debian('php-cli'),
    probe: ['php', '--version'],
    path: 'Checkout.php',
    beside: {},
    run: [['php', '-l', 'Checkout.php']],
  },
  swift: {
    needs: "Swift's compiler",
    how: 'https://www.swift.org/install: Debian 12 and the package registries have none',
    probe: ['swiftc', '--version'],
    path: 'Checkout.swift',
    beside: {
      'OpenFeature.swift': `public class Client {
    public func getBooleanValue(key: String, defaultValue: Bool) -> Bool { return defaultValue }
    public func getStringValue(key: String, defaultValue: String) -> String { return defaultValue }
}
public class OpenFeatureAPI {
    public static let shared = OpenFeatureAPI()
    public func getClient() -> Client { return Client() }
}
`,
    },
    run: [
      ['swiftc', '-emit-module', '-module-name', 'OpenFeature', 'OpenFeature.swift'],
      ['swiftc', '-typecheck', '-I', '.', 'Checkout.swift'],
    ],
    part: (text) => `${text}\nfunc audit(_ what: String) {}\n`,
  },
};

const patienceMs = 240_000;

/** Whether it runs here. */
export function isThere({ probe: [command, ...args] }: Compiler): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

/** What the compiler complains of; empty where it takes the program. */
export function complaints(compiler: Compiler, folder: string, text: string): string {
  const { beside, path, run, part = (whole: string) => whole } = compiler;
  for (const [name, content] of Object.entries({ ...beside, [path]: part(text) })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  mkdirSync(join(folder, 'out'), { recursive: true });
  for (const [command, ...args] of run) {
    const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOTOOLCHAIN: 'local' };
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      ...{ cwd: folder, encoding: 'utf8', timeout: patienceMs, env },
    });
    if (status !== 0) return `${command}: ${error?.message ?? ''}\n${stdout}\n${stderr}`;
  }
  return '';
}
