import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * DESIGN.md's house as lint zones. Each room lists what it may import of ours; everything else is refused.
 * `platform` here means the ports (src/platform/*.ts), never the adapters below platform/vscode, node or memory.
 */
const rooms = {
  model: [],
  platform: ['model'],
  code: ['model', 'platform'],
  flags: ['model', 'platform'],
  telemetry: ['model', 'platform'],
  protocol: ['model'],
  view: ['model', 'platform', 'protocol'],
  change: ['model', 'platform', 'flags'],
  review: ['model', 'platform', 'view'],
};
const all = [
  'code',
  'flags',
  'telemetry',
  'view',
  'change',
  'review',
  'editor',
  'cli',
  'protocol',
  'workers',
  'platform',
  'model',
];
const message = (room, allowed) =>
  `src/${room} may import only: ${[room, ...allowed].join(', ')} (see the design's "house")`;

const onlyIn = (names, where) => ({ group: names, message: `Only ${where} may import this.` });
const vscodeApi = onlyIn(['vscode'], 'src/editor, src/extension.ts and src/platform/vscode');
const nodeApi = onlyIn(['node:*', 'undici'], 'src/platform/node, src/workers and src/cli');
const toolkit = onlyIn(['@vscode/webview-ui-toolkit*'], 'webview/ui');

const restrict = (patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });
const noProcess = {
  'no-restricted-globals': [
    'error',
    { name: 'process', message: 'Ask a platform port.' },
    { name: 'Buffer', message: 'Use Uint8Array.' },
  ],
};

const zones = Object.entries(rooms).map(([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`],
  ignores: ['src/platform/node/**', 'src/platform/vscode/**'],
  rules: {
    ...restrict([
      vscodeApi,
      nodeApi,
      toolkit,
      ...(room === 'platform'
        ? []
        : [
            {
              group: ['**/platform/node/**', '**/platform/vscode/**', '**/platform/memory/**'],
              message: 'Import the port, not an adapter.',
            },
          ]),
      {
        group: all
          .filter((other) => other !== room && !allowed.includes(other))
          .flatMap((other) => [`../${other}/**`, `../../${other}/**`, `../../../${other}/**`]),
        message: message(room, allowed),
      },
    ]),
    ...noProcess,
  },
}));

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      'test/demo/node_modules/**',
      'test/demo/run/**',
      'test/polyglot/workspace/**',
      'test/fixtures/**',
      '**/*.d.ts',
      '.cache/**',
      'coverage/**',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Name it.' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      eqeqeq: 'error',
    },
  },
  ...zones,
  { files: ['src/editor/**/*.ts', 'src/extension.ts'], rules: { ...restrict([nodeApi, toolkit]), ...noProcess } },
  { files: ['src/platform/vscode/**/*.ts'], rules: restrict([nodeApi, toolkit]) },
  {
    files: ['src/platform/node/**/*.ts', 'src/workers/**/*.ts', 'src/cli/**/*.ts'],
    rules: restrict([vscodeApi, toolkit]),
  },
  {
    files: ['webview/**/*.ts'],
    rules: restrict([
      vscodeApi,
      nodeApi,
      { group: ['**/src/*', '!**/src/protocol', '!**/src/model'], message: 'webview imports protocol and model only.' },
    ]),
  },
  { files: ['webview/**/*.ts'], ignores: ['webview/ui/**'], rules: {} },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: ['test', 'it', 'describe', 'suite'] },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        performance: 'readonly',
        structuredClone: 'readonly',
        TextDecoder: 'readonly',
        TextEncoder: 'readonly',
        document: 'readonly',
        window: 'readonly',
        MutationObserver: 'readonly',
        addEventListener: 'readonly',
      },
    },
  },
);
