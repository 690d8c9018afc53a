import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { startRedis, useRedis } from '../services/redis.ts';
import { entryOf, eventually, pathOf, soon, useInboxes } from './harness.ts';

const redis = useRedis();

redis.describeOwn('when Redis freezes', () => {
  const inboxes = useInboxes(redis.url);

  it('it is not waited for', async () => {
    const server = await startRedis();
    const inbox = inboxes.open({ url: server.url, prefix: '{a}' });
    await inbox.put([entryOf('before')]);
    server.pause();
    await expect(soon(inbox.put([entryOf('during')]), 4_000)).rejects.toThrow('Redis did not answer within 3000 ms');
    await soon(inbox.close?.() ?? Promise.resolve(), 1_000);
    inboxes.forget(inbox);
    server.resume();
  });

  it('a process that ends while Redis is frozen leaves nothing open', { timeout: 15_000 }, async () => {
    const server = await startRedis();
    const child = fork(pathOf('worker-process.ts'), [server.url, '{a}', '30000'], {
      execArgv: ['--import', pathOf('../examples/resolve-sources.mjs')],
    });
    const begun: unknown[] = [];
    child.on('message', (id) => begun.push(id));
    const inbox = inboxes.open({ url: server.url, prefix: '{a}' });
    await inbox.put([entryOf('one')]);
    await eventually(() => begun.length === 1);
    server.pause();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    server.resume();
  });
});
