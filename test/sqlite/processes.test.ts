import { join } from 'node:path';
import { inboxConformance } from '@chathooks/testing';
import { afterAll, describe, it } from 'vitest';
import { temporaryFolder } from './files.ts';
import { createProcesses, type RemoteInbox } from './processes.ts';

const folder = temporaryFolder();
const processes = createProcesses();
afterAll(() => processes.end());
const inboxes = new WeakMap<object, RemoteInbox>();

inboxConformance(
  { describe, it },
  {
    name: 'sqliteInbox, each instance in a process of its own,',
    async create({ prefix, settings }) {
      const inbox = await processes.open({
        ...settings,
        file: join(folder, `${prefix}.sqlite`),
        leaseMs: 1_000,
        pollMs: 5,
      });
      inboxes.set(inbox, inbox);
      return inbox;
    },
    capabilities: { shared: true },
    longHandlerMs: 2_100,
    async crash(inbox) {
      await inboxes.get(inbox)?.kill();
    },
  },
);
