import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { usePostgres, useSchema } from '../services/postgres.ts';
import { done, entryOf, eventually, newName, useInboxes, withClient } from './harness.ts';

const postgres = usePostgres();

postgres.describe('a long backlog', () => {
  const { name: schema } = useSchema();
  const { url } = postgres;
  const inboxes = useInboxes({ url, schema });

  /** Two instances on a queue of 10,000 entries. */
  async function openFilled() {
    const name = newName();
    const [inbox, other] = [inboxes.open({ name, concurrency: 2 }), inboxes.open({ name, concurrency: 2 })];
    await inbox.put(Array.from({ length: 10_000 }, (_, index) => entryOf(`${index}`)));
    const countActive = () =>
      withClient(url, async (client) => {
        const text = `select count(*)::int as active from ${schema}.job where name = $1 and state = 'active'`;
        const { rows } = await client.query<{ active: number }>(text, [name]);
        return rows[0]?.active ?? Number.NaN;
      });
    return { inbox, other, countActive };
  }

  it('is taken ahead, and what was not begun is given back by a stop, at once', { timeout: 30_000 }, async () => {
    const { inbox, other, countActive } = await openFilled();
    const attempts = new Set<number>();
    let tries = 0;
    const handle: Parameters<typeof inbox.start>[0] = async (_, { attempt }) => {
      attempts.add(attempt);
      tries += 1;
      await pause(5);
      return done;
    };
    await inbox.start(handle);
    await eventually(async () => (await countActive()) > 2);
    await inbox.stop();
    expect(await countActive()).toBe(0);
    await other.start(handle);
    const before = tries;
    await eventually(() => tries > before + 20);
    expect(attempts).toEqual(new Set([1]));
  });

  it('what was taken ahead goes back when the handlers get stuck', { timeout: 30_000 }, async () => {
    const { inbox, countActive } = await openFilled();
    const gate = Promise.withResolvers<void>();
    let tries = 0;
    await inbox.start(async () => {
      tries += 1;
      if (tries > 20) await gate.promise;
      return done;
    });
    await eventually(async () => tries > 20 && (await countActive()) > 2);
    await eventually(async () => (await countActive()) === 2);
    gate.resolve();
    await eventually(() => tries > 30);
  });
});
