import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`packages/${path}`, import.meta.url));

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
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000, // many tests start processes and servers
    maxWorkers: 2, // as many as the smallest machine has cores: much of the time is spent waiting
    globalSetup: ['test/services/global-setup.ts'],
    env: { TZ: 'America/New_York' }, // a time that is read as local shows here
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
