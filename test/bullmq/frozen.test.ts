import { fork } from 'node:child_process';
import { once } from 'node:events';
import { bullmqInbox } from '@chathooks/bullmq';
import { expect, it } from 'vitest';
import { startRedis, useRedis } from '../services/redis.ts';
import { entryOf, eventually, pathOf, soon } from './harness.ts';

const redis = useRedis();

redis.describeOwn('when Redis freezes', () => {
  it.concurrent('it is not waited for', async () => {
    const server = await startRedis();
    const inbox = bullmqInbox({ url: server.url, logger: false });
    await inbox.put([entryOf('before')]);
    server.pause();
    await expect(soon(inbox.put([entryOf('during')]), 4_000)).rejects.toThrow('Redis did not answer within 3000 ms');
    await soon(inbox.close?.() ?? Promise.resolve(), 1_000);
    await server.dispose();
  });

  it.concurrent('a process that ends leaves nothing open', { timeout: 15_000 }, async () => {
    const server = await startRedis();
    const inbox = bullmqInbox({ url: server.url, logger: false });
    await inbox.put([entryOf('one')]);
    await inbox.close?.();
    const child = fork(pathOf('worker-process.ts'), [server.url, '{chathooks}', '30000'], {
      execArgv: ['--import', pathOf('../examples/resolve-sources.mjs')],
    });
    const begun: unknown[] = [];
    child.on('message', (id) => begun.push(id));
    await eventually(() => begun.length === 1);
    server.pause();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await server.dispose();
  });
});
