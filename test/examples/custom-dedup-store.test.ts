import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestClock, dedupStoreConformance } from '@chathooks/testing';
import { afterAll, describe, it } from 'vitest';
import { fileDedup } from '../../examples/custom-dedup-store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'chathooks-dedup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clock = createTestClock();

dedupStoreConformance(
  { describe, it },
  {
    name: 'fileDedup',
    // A file of its own separates keys, as a prefix would.
    create: ({ prefix }) => fileDedup(join(folder, `${encodeURIComponent(prefix)}.sqlite`), clock),
    elapse: (ms) => clock.advance(ms),
    capabilities: { extend: true, advance: true, shared: true },
  },
);
