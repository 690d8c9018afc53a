import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { startRedis, useRedis } from '../services/redis.ts';
import { done, entryOf, eventually, soon, useInboxes } from './harness.ts';

const redis = useRedis();

redis.describeOwn('when Redis goes away', () => {
  const inboxes = useInboxes(redis.url);

  it('a put is refused soon, with the reason, and accepted again soon after Redis is back', async () => {
    const server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const inbox = inboxes.open({ url: server.url, prefix: '{a}' });
    await inbox.put([entryOf('before')]);
    await server.kill();
    await expect(soon(inbox.put([entryOf('during')]))).rejects.toThrow('ECONNREFUSED');
    await expect(soon(inbox.counts())).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    await eventually(
      () =>
        inbox.counts().then(
          ({ pending }) => pending >= 1,
          () => false,
        ),
      3_000,
    );
    await inbox.put([entryOf('after')]);
    expect((await inbox.counts()).pending).toBeGreaterThanOrEqual(2);
  });

  it('a start is refused soon, and may succeed later', async () => {
    const server = await startRedis();
    const inbox = inboxes.open({ url: server.url, prefix: '{a}' });
    await server.kill();
    await expect(soon(inbox.start(async () => done))).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    const handled: string[] = [];
    await eventually(() =>
      inbox
        .start(async ({ event }) => {
          handled.push(event.id);
          return done;
        })
        .then(
          () => true,
          () => false,
        ),
    );
    await inbox.put([entryOf('one')]);
    await eventually(() => handled.length === 1);
  });

  it('workers go on by themselves, with what they were about to do, and nobody hears of it twice', async () => {
    const server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const inbox = inboxes.open({ url: server.url, prefix: '{a}' });
    const handled: string[] = [];
    const gate = Promise.withResolvers<void>();
    await inbox.put([entryOf('a1', 'a'), entryOf('a2', 'a'), entryOf('b1', 'b')]);
    await inbox.start(async ({ event }) => {
      handled.push(event.id);
      if (event.id !== 'b1') await gate.promise;
      return done;
    });
    await eventually(() => handled.length === 2);
    await server.kill();
    await eventually(() => inboxes.errors.length > 0);
    gate.resolve();
    await server.restart();
    await eventually(() => handled.length === 3);
    await eventually(async () => (await inbox.counts()).pending === 0);
    expect(handled.filter((id) => id.startsWith('a'))).toEqual(['a1', 'a2']);
    expect(new Set(inboxes.errors.map(({ message }) => message)).size).toBe(inboxes.errors.length);
  });

  it('stop and close end soon all the same', async () => {
    const server = await startRedis();
    const inbox = inboxes.open({ url: server.url, prefix: '{a}' });
    const handled: string[] = [];
    await inbox.start(async ({ event }) => {
      handled.push(event.id);
      await eventually(() => inboxes.errors.length > 0);
      return done;
    });
    await inbox.put([entryOf('one')]);
    await eventually(() => handled.length === 1);
    await server.kill();
    await soon(inbox.stop());
    await soon(inbox.close?.() ?? Promise.resolve(), 1_000);
    inboxes.forget(inbox);
  });

  it('a Redis without memory is asked once a second, not all the time', async () => {
    const server = await startRedis({ args: ['--maxmemory', '3mb', '--maxmemory-policy', 'noeviction'] });
    const inbox = inboxes.open({ url: server.url, prefix: '{a}' });
    let stored = 0;
    const fill = async () => {
      for (;;) {
        await inbox.put([{ ...entryOf(`${stored}`, `${stored % 10}`), secretName: 'x'.repeat(10_000) }]);
        stored++;
      }
    };
    await expect(fill()).rejects.toThrow('OOM');
    expect(await inbox.counts()).toEqual({ pending: stored, failed: 0 });
    const client = new Redis(server.url);
    const refusals = async () => Number(/errorstat_OOM:count=(\d+)/.exec(await client.info('errorstats'))?.[1] ?? 0);
    const before = await refusals();
    await inbox.start(async () => done);
    await eventually(async () => (await refusals()) > before);
    const [first, at] = [await refusals(), performance.now()];
    await eventually(async () => (await refusals()) > first);
    expect(performance.now() - at).toBeGreaterThan(500);
    await client.config('SET', 'maxmemory', '100mb');
    await eventually(async () => (await inbox.counts()).pending === 0);
    client.disconnect();
  });
});
