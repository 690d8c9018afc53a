import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deliver } from '@chathooks/testing';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { absolute } from './markdown.ts';
import { folder, removeSnippets, type Snippet, writeSnippets } from './snippets.ts';

const snippets = writeSnippets();
afterAll(removeSnippets);
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

it('README example', async () => {
  const [first] = snippets;
  expect(first?.page).toBe('README.md');
  expect(first?.line).toBeLessThan(30);
  const crm = { addMessage: vi.fn(), setStatus: vi.fn(), openChat: vi.fn() };
  vi.stubGlobal('crm', crm);
  vi.stubEnv('WEXIO_WEBHOOK_SECRET', 'wexio-secret');
  vi.stubEnv('META_APP_SECRET', 'meta-secret');
  vi.stubEnv('META_VERIFY_TOKEN', 'meta-token');
  const { app } = await importApp(first);
  const server = createServer(app).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const post = ({ path, headers, body }: ReturnType<typeof deliver.wexio>) =>
      fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
    const message = deliver.wexio('message.inbound.created', {}, { secret: 'wexio-secret' });
    const status = deliver.whatsappCloud('statuses.read', {}, { secret: 'meta-secret' });

    expect((await post(message)).status).toBe(200);
    expect((await post(message)).status).toBe(200);
    expect((await post(status)).status).toBe(200);
    const check = `${status.path}?hub.mode=subscribe&hub.challenge=7&hub.verify_token=meta-token`;
    expect(await (await fetch(`http://127.0.0.1:${port}${check}`)).text()).toBe('7');
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    expect((await post({ ...message, path: status.path })).status).toBe(401);
    expect(warn).toHaveBeenCalledOnce();
    expect(crm.addMessage).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ direction: 'inbound' }));
    expect(crm.setStatus).toHaveBeenCalledOnce();
    expect(crm.openChat).not.toHaveBeenCalled();
  } finally {
    server.close();
  }
});

/** The README's app, not listening on its own port. */
async function importApp(snippet: Snippet | undefined) {
  const file = join(folder, 'readme-app.ts');
  writeFileSync(file, readFileSync(snippet?.file ?? '', 'utf8').replace('app.listen(3000);', 'export { app };'));
  return import(/* @vite-ignore */ file);
}

it('the snippets of the testing guide do what they say', async () => {
  vi.stubGlobal('queue', { add: vi.fn().mockResolvedValue(undefined) });
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const runnable = snippets
    .filter(({ page }) => page === 'docs/guides/testing.md')
    .filter(({ file }) => !readFileSync(file, 'utf8').includes('localhost'));
  for (const { file } of runnable) await import(/* @vite-ignore */ file);
  expect(log.mock.calls).toEqual([[deliver.wexio.events], [200], [200]]);
});

it('every snippet compiles', async () => {
  expect(snippets.length).toBeGreaterThan(20);
  const tsc = absolute('node_modules/typescript/bin/tsc');
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [tsc, '--project', folder], (error, stdout) =>
      error && stdout === '' ? reject(error) : resolve(stdout),
    );
  });
  // Errors in what the snippets import are reported by the typecheck script.
  const ours = output.split('\n').filter((line) => line.includes('.snippets/'));
  expect(inPages(ours.join('\n'))).toBe('');
}, 30_000);

// The suites of the guides' own provider, store and inbox, as a reader would run them.
for (const [guide, suite] of [
  ['write-a-provider', 'acme.test.ts'],
  ['write-a-store', 'sqlite-dedup.test.ts'],
  ['write-an-inbox', 'table-inbox.test.ts'],
]) {
  await import(/* @vite-ignore */ join(folder, `docs-guides-${guide}`, suite ?? ''));
}

/** Names the page and the line where the compiler names the file. */
const inPages = (output: string) =>
  snippets.reduce(
    (text, { file, page, line }) =>
      text.replaceAll(
        new RegExp(`\\S*${file.slice(folder.length + 1).replaceAll('.', '\\.')}\\((\\d+),`, 'g'),
        (_, row: string) => `${page}(${line + Number(row) - 1},`,
      ),
    output,
  );
