import { benchHttp } from './http.ts';
import { benchInProcess } from './in-process.ts';
import { benchMemory } from './memory.ts';

const benchmarks = { 'in-process': benchInProcess, memory: benchMemory, http: benchHttp };

const chosen = process.argv.slice(2);
for (const [name, run] of Object.entries(benchmarks)) {
  if (chosen.length === 0 || chosen.includes(name)) await run();
}
