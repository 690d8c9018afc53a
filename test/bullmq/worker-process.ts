// A process that works on an inbox, for a test to kill: it says what it begins, and ends it when it is told to end itself.
//
//   node --import ../examples/resolve-sources.mjs worker-process.ts redis://127.0.0.1:6379 '{prefix}' 500
import { bullmqInbox } from '@chathooks/bullmq';

const [url = '', prefix = '', leaseMs] = process.argv.slice(2);
const orphaned = () => process.exit(1);
process.on('disconnect', orphaned);

const { promise: told, resolve: end } = Promise.withResolvers<void>();
const inbox = bullmqInbox({ url, prefix, leaseMs: Number(leaseMs), concurrency: 2, logger: false });
await inbox.start(async ({ event }) => {
  process.send?.(event.id);
  await told;
  return { state: 'done' };
});
process.once('SIGTERM', async () => {
  process.off('disconnect', orphaned);
  end();
  await inbox.stop();
  await inbox.close?.();
  process.disconnect();
  // With nothing left to do, the process ends by itself, unless something was left open.
});
