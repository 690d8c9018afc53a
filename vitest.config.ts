import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`packages/${path}`, import.meta.url));

/** Compiling the sources takes longer than anything else that a new process does. */
const compileCache = fileURLToPath(new URL('node_modules/.cache/chathooks-tests', import.meta.url));

/** Tests that leave nothing behind for each other: stubs and spies are taken back, files and servers closed. */
const inProcess = ['core', 'docs', 'adapters', 'testing', 'demo'].map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  resolve: {
    // Tests run against the sources, so they need no build.
    alias: [
      { find: '@chathooks/core/node', replacement: source('core/src/node/index.ts') },
      { find: '@chathooks/core/fetch', replacement: source('core/src/fetch.ts') },
      { find: /^@chathooks\/([\w-]+)$/, replacement: source('$1/src/index.ts') },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        // To load the sources anew for each of these files would take as long as to run them.
        test: { name: 'in process', include: inProcess, isolate: false, typecheck: { enabled: false } },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...inProcess],
        },
      },
    ],
    testTimeout: 20_000, // many tests start processes and servers
    maxWorkers: 2, // as many as the smallest machine has cores: much of the time is spent waiting
    globalSetup: ['test/services/global-setup.ts'],
    env: {
      TZ: 'America/New_York', // a time that is read as local shows here
      NODE_COMPILE_CACHE: compileCache, // for the processes that tests start
    },
    typecheck: {
      enabled: true,
      include: ['test/**/*.test-d.ts'],
      tsconfig: 'tsconfig.check.json',
      ignoreSourceErrors: true, // reported by the typecheck script
    },
    coverage: {
      provider: 'v8',
      include: ['packages/core/src/**'],
      thresholds: { branches: 95 },
    },
  },
});
