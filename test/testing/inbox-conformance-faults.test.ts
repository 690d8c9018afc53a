import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InboxSubject, inboxConformance } from '@chathooks/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { endingFaults } from './faults/ending.ts';
import type { Fault } from './faults/fault.ts';
import { storingFaults } from './faults/storing.ts';
import { tryingFaults } from './faults/trying.ts';
import * as intact from './memory-inbox.ts';
import { type MemoryInboxModule, memoryInboxSubject } from './memory-inbox-subject.ts';

const faults = [...storingFaults, ...tryingFaults, ...endingFaults];

const folder = mkdtempSync(join(tmpdir(), 'broken-inboxes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const source = readFileSync(new URL('memory-inbox.ts', import.meta.url), 'utf8');

/** The reference inbox with a fault in its source. */
async function broken({ fault, from, to }: Fault): Promise<MemoryInboxModule> {
  expect(source.split(from), `occurrences of ${from}`).toHaveLength(2);
  const file = join(folder, `${fault.replaceAll(/\W+/g, '-')}.ts`);
  writeFileSync(
    file,
    source.replace(from, () => to),
  );
  return import(/* @vite-ignore */ file);
}

/** The tests of the suite, by name. */
function testsOf(subject: InboxSubject): ReadonlyMap<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>();
  inboxConformance({ describe: (_, define) => define(), it: (name, test) => tests.set(name, test) }, subject);
  return tests;
}

describe.each(faults)('an inbox that $fault', (fault) => {
  it.each(fault.noticedBy)('fails: %s', async (name) => {
    const test = testsOf({ ...memoryInboxSubject(await broken(fault)), patienceMs: 60 }).get(name);
    const error = await test?.().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    for (const mistake of [TypeError, ReferenceError, SyntaxError]) expect(error).not.toBeInstanceOf(mistake);
  });
});

it('every test of the suite can fail', () => {
  const names = [...testsOf(memoryInboxSubject(intact)).keys()];
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !faults.some(({ noticedBy }) => noticedBy.includes(name)))).toEqual([]);
});
