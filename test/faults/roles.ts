import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createReceiver,
  createWorker,
  type DedupStore,
  type HandlerContext,
  type HandlingSettings,
  hasErrorCode,
  wexio,
} from '@chathooks/core';
import { toNodeHandler } from '@chathooks/core/node';
import { nameOf, secret } from './deliveries.ts';
import type { ClaimOrder, ClaimRecord, Plan } from './plan.ts';
import { createRecorder, type Recorder, steadyNow } from './recorder.ts';
import { openDedup, openInbox } from './storages.ts';

/** What a process is to its test. */
export interface Role {
  /** Where it listens, if it receives. */
  readonly url?: string;
  /** Lets handlers that are held go on. */
  release(): void;
  claim(order: ClaimOrder): Promise<ClaimRecord[]>;
  close(): Promise<void>;
}

/** Begins what a plan says. Resolves when it can be used. */
export function begin(plan: Plan): Promise<Role> {
  if (plan.role === 'claimant') return beginClaiming(plan);
  return plan.role === 'worker' ? beginWorking(plan) : beginReceiving(plan);
}

const claimsNothing = async () => [];

async function beginReceiving(plan: Plan): Promise<Role> {
  const { handler, release, settings } = await prepare(plan);
  const inbox = plan.inbox && (await openInbox(plan.inbox));
  const handles = plan.role === 'receiver';
  const receiver = createReceiver({
    ...settings,
    providers: [wexio({ secret })],
    ...(inbox && { inbox, process: handles }),
    onMessageInbound: handler,
  });
  if (inbox && handles) await receiver.start();
  const server = createServer(toNodeHandler(receiver)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    release,
    claim: claimsNothing,
    async close() {
      await receiver.close({ graceMs: plan.graceMs });
      server.close();
      server.closeAllConnections();
    },
  };
}

async function beginWorking(plan: Plan): Promise<Role> {
  const { handler, release, settings } = await prepare(plan);
  if (!plan.inbox) throw new Error('A worker has no inbox, expected one');
  const worker = createWorker({ ...settings, inbox: await openInbox(plan.inbox), onMessageInbound: handler });
  await worker.start();
  return { release, claim: claimsNothing, close: () => worker.close({ graceMs: plan.graceMs }) };
}

async function beginClaiming({ dedup, stores: count, leaseMs }: Plan): Promise<Role> {
  const stores = await Promise.all(Array.from({ length: count }, () => openDedup(dedup)));
  // Connections and tables are made with the first claim; these are not to count.
  await Promise.all(stores.map((store, index) => store.claim(`warm-up ${process.pid} ${index}`, { leaseMs })));

  async function claimOne(store: DedupStore, key: string): Promise<ClaimRecord> {
    const from = steadyNow();
    const { state } = await store.claim(key, { leaseMs });
    return { key, state, from, to: steadyNow() };
  }

  return {
    release() {},
    async claim({ rounds, startAt, everyMs }) {
      const claims: Promise<ClaimRecord>[] = [];
      for (const [index, keys] of rounds.entries()) {
        await delay(Math.max(0, startAt + index * everyMs - steadyNow()));
        for (const key of keys) claims.push(...stores.map((store) => claimOne(store, key)));
      }
      return Promise.all(claims);
    },
    async close() {
      await Promise.all(stores.map((store) => store.close?.()));
    },
  };
}

/** What receivers and workers have in common. */
async function prepare(plan: Plan) {
  const record = createRecorder(plan.records);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const settings: HandlingSettings = {
    dedup: witnessed(await openDedup(plan.dedup), record),
    leaseMs: plan.leaseMs,
    storeTimeoutMs: plan.storeTimeoutMs,
  };
  return { handler: createHandler(plan, record, released), release, settings };
}

function createHandler({ handler: plan }: Plan, record: Recorder, released: Promise<void>) {
  let count = 0;
  return async ({ id }: { readonly id: string }, { attempt, signal }: HandlerContext): Promise<void> => {
    record('begin', id, attempt);
    signal.addEventListener('abort', () => record('aborted', id, codeOf(signal.reason)));
    const isLong = plan.longEvery > 0 && ++count % plan.longEvery === 0;
    if (nameOf(id).place >= plan.holdFrom) await released;
    else await delay(isLong ? plan.longMs : Math.random() * plan.upToMs);
    if (attempt <= plan.failures) {
      record('failed', id);
      throw new Error('As planned');
    }
    record('end', id);
  };
}

/** Writes down what becomes of settlements. */
function witnessed(store: DedupStore, record: Recorder): DedupStore {
  const { extend, advance, close } = store;
  return {
    claim: (key, options) => store.claim(key, options),
    async complete(key, token, options) {
      const kept = await store.complete(key, token, options);
      record(kept ? 'settled' : 'refused', key);
      return kept;
    },
    release: (key, token) => store.release(key, token),
    ...(extend && { extend: extend.bind(store) }),
    ...(advance && { advance: advance.bind(store) }),
    ...(close && { close: close.bind(store) }),
  };
}

const codeOf = (reason: unknown) => (hasErrorCode(reason) ? reason.code : 'unknown');
