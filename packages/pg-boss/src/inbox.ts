import { groupCommit, type Inbox, type InboxEntry, type InboxHandler } from '@chathooks/core';
import { createCapacity } from './capacity.ts';
import { createEngine } from './engine.ts';
import { createFailedEvents } from './failed.ts';
import { channelOf, createTeller } from './news.ts';
import { type PgBossInboxOptions, readOptions, type Settings } from './options.ts';
import { createQueue } from './queue.ts';
import { repeat } from './signal.ts';
import { startWorking, type Working } from './working.ts';

/** How often the processes that work have pg-boss maintain its queues: one of them does. */
const maintainMs = 60_000;

/**
 * An inbox in Postgres, on pg-boss: for many processes, on one machine or on many.
 *
 * @throws ChathooksError `invalid_option`
 * @example
 * ```ts
 * const inbox = pgBossInbox({ url: process.env.DATABASE_URL! });
 * app.use(webhooks({ providers, inbox, onMessageInbound: async ({ data }) => { await crm.addMessage(data.message); } }));
 * ```
 */
export function pgBossInbox(options: PgBossInboxOptions): Inbox {
  let closed = false;
  const given = readOptions(options);
  const engine = createEngine(given);
  // What fails because the connection was closed is no news.
  const onError = (error: unknown) => {
    if (!closed) given.onError(error);
  };
  const settings: Settings = { ...given, onError };
  const { leaseMs, listen, maxPending } = settings;
  const queue = createQueue(engine, settings);
  const channel = channelOf(settings);
  const capacity = createCapacity({ maxPending, count: (limit) => queue.countPending(limit) });
  const tellOthers = createTeller(() => (listen ? queue.notify(channel) : Promise.resolve()), onError);
  let session: Promise<Session> | undefined;
  let stopping: Promise<void> | undefined;
  let working: Working | undefined;

  const insert = groupCommit(async (puts: readonly (readonly InboxEntry[])[]) => {
    await queue.insert(puts.flat());
    return puts;
  });

  /** Others need not be woken where there are hands free here. */
  function tell(): void {
    if (working && !working.isBusy()) working.wake();
    else tellOthers();
  }

  async function begin(handle: InboxHandler): Promise<Session> {
    const open = await engine.open();
    await takeOver();
    const started = startWorking({
      queue,
      settings,
      handle,
      onLeft: () => capacity.release(1),
      isClosing: () => closed,
    });
    working = started;
    const endListening = listen ? await open.listen(channel, started.wake).catch(onError) : undefined;
    maintain().catch(onError);
    const ends = [repeat(leaseMs / 2, takeOver, onError), repeat(maintainMs, maintain, onError)];
    return {
      async end() {
        for (const end of ends) end();
        working = undefined;
        await Promise.all([started.stop(), endListening?.()]);
        // Others may have what was given back, and what stood behind the last that were handled.
        if (listen) await queue.notify(channel).catch(onError);
      },
    };
  }

  async function takeOver(): Promise<void> {
    if ((await queue.takeOver()) > 0) working?.wake();
  }

  async function maintain(): Promise<void> {
    await queue.deleteExpired();
    const { maintain: maintainQueues } = await engine.open();
    await maintainQueues();
  }

  async function end(): Promise<void> {
    const ending = session;
    const begun = await ending?.catch(() => undefined);
    await begun?.end();
    if (session === ending) session = undefined;
  }

  return {
    async put(entries) {
      if (entries.length === 0) return;
      await capacity.admit(entries.length, async () => void (await insert(entries)));
      tell();
    },
    async start(handle) {
      await stopping;
      if (session) throw new Error('The inbox has been started already; stop it before it is started again');
      session = begin(handle);
      try {
        await session;
      } catch (error) {
        session = undefined;
        throw error;
      }
    },
    stop() {
      stopping ??= end().finally(() => {
        stopping = undefined;
      });
      return stopping;
    },
    failed: createFailedEvents({ engine, settings, onBack: tell }),
    async counts() {
      const [pending, failed] = await Promise.all([queue.countPending(), queue.countFailed()]);
      return { pending, failed };
    },
    async close() {
      closed = true;
      // Normally it has been stopped. If not, the entries are due again when their leases end.
      void end();
      await engine.close();
    },
  };
}

/** From a start to a stop. */
interface Session {
  /** Never rejects. */
  end(): Promise<void>;
}
