// A process that a test starts, kills, freezes and starts again. What it does is written down at once, so that it is known
// whatever becomes of the process.
//
//   node --import ../examples/resolve-sources.mjs process.ts '{"role":"receiver","records":"/tmp/records",…}'
import { flushCompileCache } from 'node:module';
import { order, readPlan, type Word } from './plan.ts';
import { begin } from './roles.ts';

const plan = readPlan(process.argv[2]);
const tell = (word: Word) => process.send?.(word);
const orphaned = () => process.exit(1);

process.on('disconnect', orphaned);
const role = await begin(plan);
process.on('message', async (message) => {
  const told = order.parse(message);
  if (told.order === 'release') role.release();
  else tell({ word: 'claimed', claims: await role.claim(told) });
});
process.once('SIGTERM', async () => {
  process.off('disconnect', orphaned);
  await role.close();
  process.disconnect();
  // With nothing left to do, the process ends by itself, unless something was left open.
});
tell({ word: 'ready', url: role.url });
flushCompileCache(); // a process that is killed would leave nothing for the next
