import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { done, entryOf, eventually, newName, useInboxes, withClient } from './harness.ts';

const postgres = usePostgres();

postgres.describe('a long backlog', () => {
  const { name: schema } = useSchema();
  const { url } = postgres;
  const inboxes = useInboxes({ url, schema });

  it('is taken ahead, and what was not begun is given back at once by a stop', { timeout: 30_000 }, async () => {
    const name = newName();
    const [inbox, other] = [inboxes.open({ name, concurrency: 2 }), inboxes.open({ name, concurrency: 2 })];
    await inbox.put(Array.from({ length: 10_000 }, (_, index) => entryOf(`${index}`)));
    const countActive = () =>
      withClient(url, async (client) => {
        const text = `select count(*)::int as active from ${schema}.job where name = $1 and state = 'active'`;
        const { rows } = await client.query<{ active: number }>(text, [name]);
        return rows[0]?.active ?? Number.NaN;
      });
    const attempts = new Set<number>();
    const gate = Promise.withResolvers<void>();
    let tries = 0;
    await inbox.start(async (_, { attempt }) => {
      attempts.add(attempt);
      tries += 1;
      if (tries > 20) await gate.promise;
      return done;
    });
    await eventually(() => tries > 20);
    await eventually(async () => (await countActive()) > 2);
    const stopped = inbox.stop();
    await eventually(async () => (await countActive()) <= 2);
    gate.resolve();
    await stopped;
    expect(await countActive()).toBe(0);
    await other.start(async (_, { attempt }) => {
      attempts.add(attempt);
      tries += 1;
      await pause(1);
      return done;
    });
    const before = tries;
    await eventually(() => tries > before + 200);
    expect(attempts).toEqual(new Set([1]));
  });
});
