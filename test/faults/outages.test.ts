import { Redis } from 'ioredis';
import { Client } from 'pg';
import { describe, expect, it, type TestContext } from 'vitest';
import { type OwnServer, startPostgres, usePostgres } from '../services/postgres.ts';
import { startRedis, useRedis } from '../services/redis.ts';
import { findingsOf } from './findings.ts';
import { nothingSent, sendLoad } from './load.ts';
import { openScene } from './scene.ts';
import { report, soakMs } from './soak.ts';
import { inPostgres, inRedis, type Subject } from './subjects.ts';

const chats = 20;

/** A server that a test can take away. */
interface Server extends OwnServer {
  /** Cuts all connections to it, once. */
  cut(): Promise<void>;
}

interface Outage {
  readonly name: string;
  readonly begin: () => Promise<void> | void;
  readonly end?: () => Promise<void> | void;
}

const outagesOf = (server: Server): readonly Outage[] => [
  { name: 'its connections are cut', begin: server.cut },
  { name: 'it does not answer', begin: server.pause, end: server.resume },
  { name: 'it is stopped', begin: server.stop, end: server.restart },
  { name: 'it is killed', begin: server.kill, end: server.restart },
];

/** Has two processes receive and handle without a pause, while their server goes and comes back in every way. */
async function goOnThroughOutages(context: TestContext, subject: Subject, server: Server, withInbox: boolean) {
  const scene = openScene(context);
  const { dedup, inbox } = subject.storage(scene);
  const plan = {
    role: 'receiver',
    dedup,
    ...(withInbox && { inbox }),
    leaseMs: 1_000,
    storeTimeoutMs: 500,
    handler: { upToMs: 20 },
  } as const;
  await Promise.all([scene.start(plan), scene.start(plan)]);

  const sent = nothingSent();
  const refused = () => sent.answers.get(503) ?? 0;
  const tookMs: Record<string, number> = {};
  let over = false;
  const from = performance.now();
  const sending = sendLoad({ receivers: () => scene.processes, chats, perChat: 1, more: () => !over }, sent);
  let outages = 0;

  async function goThrough({ name, begin, end }: Outage): Promise<void> {
    const before = refused();
    await begin();
    if (end) await scene.until(`deliveries are answered 503 while ${name}`, () => refused() > before + chats);
    await end?.();
    outages++;
    const back = performance.now();
    const taken = sent.acknowledged.size;
    const handled = scene.records.runs.length;
    await scene.until(`deliveries are acknowledged after ${name}`, () => sent.acknowledged.size > taken + chats * 2);
    await scene.until(`events are handled after ${name}`, () => scene.records.runs.length > handled + chats * 2);
    tookMs[name] = Math.round(performance.now() - back);
  }

  do for (const outage of outagesOf(server)) await goThrough(outage);
  while (performance.now() - from < soakMs);
  over = true;
  await sending;
  if (withInbox) await scene.untilEmpty(inbox);

  const findings = findingsOf(scene.records, sent.acknowledged, 'outage');
  expect(findings).toMatchObject({ lost: [], doubles: [], overlaps: [], disorder: [] });
  expect([...sent.answers.keys()].sort()).toEqual([200, 503]);
  expect(findings.excused.length).toBeLessThanOrEqual(outages * chats);
  report(`${subject.name}, ${withInbox ? 'with' : 'without'} an inbox: ${outages} outages,`, {
    events: sent.acknowledged.size,
    twice: findings.excused.length,
    answers: sent.answers,
    tookMs,
  });
}

async function ownRedis({ onTestFinished }: TestContext): Promise<Server> {
  const server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  onTestFinished(server.dispose);
  return {
    ...server,
    async cut() {
      const client = new Redis(server.url);
      await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      client.disconnect();
    },
  };
}

async function ownPostgres({ onTestFinished }: TestContext): Promise<Server> {
  const server = await startPostgres();
  onTestFinished(server.dispose);
  return {
    ...server,
    async cut() {
      const client = new Client({ connectionString: server.url });
      await client.connect();
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      await client.end();
    },
  };
}

describe('a server that goes away and comes back', { concurrent: true, timeout: 120_000 + soakMs * 2 }, () => {
  const redis = useRedis();
  const postgres = usePostgres();

  describe.each([
    ['with an inbox', true],
    ['without an inbox', false],
  ])('%s', (_, withInbox) => {
    redis.describeOwn('on Redis', () => {
      it('costs no event', async (context) => {
        const server = await ownRedis(context);
        await goOnThroughOutages(context, inRedis(server.url), server, withInbox);
      });
    });

    postgres.describeOwn('on Postgres', () => {
      it('costs no event', async (context) => {
        const server = await ownPostgres(context);
        await goOnThroughOutages(context, inPostgres(server.url, 'public'), server, withInbox);
      });
    });
  });
});
