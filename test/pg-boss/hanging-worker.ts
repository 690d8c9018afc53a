// A process that takes entries, tells of them, and never finishes: see processes.test.ts.
import { pgBossInbox } from '@chathooks/pg-boss';

const [, , url = '', schema = '', name = '', leaseMs = ''] = process.argv;
const inbox = pgBossInbox({ url, schema, name, leaseMs: Number(leaseMs) });
await inbox.start(({ event }) => {
  process.send?.(event.id);
  return new Promise(() => {});
});
