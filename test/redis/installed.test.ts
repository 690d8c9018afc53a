import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';
import { useRedis } from '../services/redis.ts';

const redis = useRedis();
vi.setConfig({ testTimeout: 30_000 }); // each test starts a process
const installed = createRequire(import.meta.url);
const absolute = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the store says in an app of its own, outside of this workspace, where `install` has put what it likes. */
async function claimIn(install: (modules: string) => void, url: string): Promise<unknown> {
  const app = mkdtempSync(join(tmpdir(), 'chathooks-app-'));
  onTestFinished(() => rmSync(app, { recursive: true }));
  cpSync(absolute('../../packages/redis/src'), join(app, 'redis'), { recursive: true });
  mkdirSync(join(app, 'node_modules'));
  install(join(app, 'node_modules'));
  writeFileSync(
    join(app, 'main.mjs'),
    `import { redisDedup } from './redis/index.ts';
    const store = redisDedup({ url: ${JSON.stringify(url)}, prefix: ${JSON.stringify(`${app}:`)} });
    try {
      console.log(JSON.stringify(await store.claim('key', { leaseMs: 1 })));
    } catch ({ code, message }) {
      console.log(JSON.stringify({ code, message }));
    }
    await store.close();`,
  );
  const hook = absolute('../examples/resolve-sources.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', hook, join(app, 'main.mjs')]);
  return JSON.parse(stdout);
}

const link = (name: string) => (modules: string) =>
  symlinkSync(dirname(installed.resolve(`${name}/package.json`)), join(modules, name));

redis.describe('with a URL, redisDedup', () => {
  it.each(['ioredis', 'redis'])('uses %s where that is what is installed', async (name) => {
    expect(await claimIn(link(name), redis.url)).toMatchObject({ state: 'fresh' });
  });
});

it('with a URL but no client installed, redisDedup says what to install', async () => {
  const { code, message } = Object(await claimIn(() => {}, 'redis://127.0.0.1:1'));
  expect(code).toBe('missing_dependency');
  expect(message).toContain('npm i ioredis');
});

it('a client that is installed but broken is not passed over in silence', async () => {
  const answer = await claimIn((modules) => {
    link('redis')(modules);
    mkdirSync(join(modules, 'ioredis'));
    writeFileSync(join(modules, 'ioredis/package.json'), '{ "type": "module", "main": "index.js" }');
    writeFileSync(join(modules, 'ioredis/index.js'), "import 'not-installed';");
  }, redis.url);
  expect(answer).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining("'not-installed'") });
});
