import { join } from 'node:path';
import { sqliteDedup, sqliteInbox } from '@chathooks/sqlite';
import { createTestClock, dedupStoreConformance, inboxConformance } from '@chathooks/testing';
import { describe, it } from 'vitest';
import { temporaryFolder } from './files.ts';

const folder = temporaryFolder();
const clock = createTestClock();
const fileOf = (prefix: string) => join(folder, `${prefix.replaceAll(':', '')}.sqlite`);

dedupStoreConformance(
  { describe, it },
  {
    name: 'sqliteDedup',
    create: ({ prefix }) => sqliteDedup({ file: fileOf(prefix), clock }),
    elapse: (ms) => clock.advance(ms),
    capabilities: { extend: true, advance: true, shared: true },
    async createUnreachable() {
      const store = sqliteDedup({ file: fileOf('unreachable'), clock });
      await store.close?.();
      return store;
    },
  },
);

inboxConformance(
  { describe, it },
  {
    name: 'sqliteInbox',
    create: ({ prefix, settings }) => sqliteInbox({ ...settings, file: fileOf(prefix), clock }),
    elapse: (ms) => clock.advance(ms),
    capabilities: { shared: true },
    async createUnreachable() {
      const inbox = sqliteInbox({ file: fileOf('unreachable'), clock });
      await inbox.close?.();
      return inbox;
    },
  },
);
