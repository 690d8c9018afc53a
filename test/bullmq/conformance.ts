import { bullmqInbox } from '@chathooks/bullmq';
import type { Inbox } from '@chathooks/core';
import { inboxConformance } from '@chathooks/testing';
import { it } from 'vitest';
import { useRedis } from '../services/redis.ts';
import { usePrefixes } from './harness.ts';
import { startWire, type Wire } from './wire.ts';

/** Runs the conformance suite of inboxes, in Redis. */
export function bullmqConformance(name: string): void {
  const redis = useRedis();

  redis.describe('in Redis', () => {
    const prefixOf = usePrefixes(redis.url);
    const wires = new WeakMap<Inbox, Wire>();

    inboxConformance(
      { describe: (_, define) => define(), it: it.concurrent },
      {
        name,
        async create({ prefix, settings }) {
          const wire = await startWire(redis.url);
          const inbox = bullmqInbox({
            ...settings,
            url: wire.url,
            prefix: prefixOf(prefix),
            leaseMs: 1_000,
            logger: false,
          });
          wires.set(inbox, wire);
          return inbox;
        },
        capabilities: { shared: true },
        createUnreachable: () => bullmqInbox({ url: 'redis://127.0.0.1:1', logger: false }),
        async crash(inbox) {
          wires.get(inbox)?.cut();
          await inbox.close?.();
        },
        longHandlerMs: 2_500,
      },
    );
  });
}
