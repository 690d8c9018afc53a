import { benchBatch } from './batch.ts';
import { benchHttp } from './http.ts';
import { benchInProcess } from './in-process.ts';
import { benchMemory } from './memory.ts';
import { benchRemembered } from './remembered.ts';
import { benchStorage } from './storage.ts';

const benchmarks = {
  'in-process': benchInProcess,
  batch: benchBatch,
  memory: benchMemory,
  http: benchHttp,
  storage: benchStorage,
  remembered: benchRemembered,
};

const chosen = process.argv.slice(2);
for (const [name, run] of Object.entries(benchmarks)) {
  if (chosen.length === 0 || chosen.includes(name)) await run();
}
