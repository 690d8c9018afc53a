// Whether the other tests of this folder would notice: they are shown what loses, repeats and reorders events.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findingsOf, nothingFound } from './findings.ts';
import { nothingSent, send, sendLoad } from './load.ts';
import { createRecords } from './records.ts';
import { openScene } from './scene.ts';

/** Writes down what processes p, q and r did with the events of a chat, and looks what is found in that. */
function expectFindings(story: string, expected: object, excuse: 'kill' | 'outage'): void {
  const dir = mkdtempSync(join(tmpdir(), 'chathooks-faults-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const records = createRecords(join(dir, 'records'));
  onTestFinished(records.close);
  const pids: Record<string, number> = { p: 1, q: 2, r: 3 };
  for (const [happening, place, process] of story.split('; ').map((step) => step.split(' '))) {
    if (happening === 'kill') records.markKilled(pids[place ?? ''] ?? 0);
    else appendFileSync(records.path, `${happening} wexio:chat.${place} ${pids[process ?? '']} 1 0\n`);
  }
  const { lost, doubles, excused, overlaps, disorder } = findingsOf(records, new Set(['wexio:chat.0']), excuse);
  expect({
    lost: lost.length,
    doubles: doubles.length,
    excused: excused.length,
    overlaps: overlaps.length,
    disorder: disorder.length,
  }).toEqual({ lost: 0, doubles: 0, excused: 0, overlaps: 0, disorder: 0, ...expected });
}

describe('what the records say', () => {
  it.each([
    ['nothing, of an event that was handled once', 'begin 0 p; end 0 p; settled 0 p', {}],
    ['that an event was lost', 'begin 0 p', { lost: 1 }],
    ['that a handler failed and was called again', 'begin 0 p; failed 0 p; begin 0 q; end 0 q', {}],
    [
      'that a settled event was handled again',
      'begin 0 p; end 0 p; settled 0 p; kill p; begin 0 q; end 0 q',
      { doubles: 1 },
    ],
    ['that an event was handled again without need', 'begin 0 p; end 0 p; begin 0 q; end 0 q', { doubles: 1 }],
    ['whom a kill excuses', 'begin 0 p; end 0 p; kill p; begin 0 q; end 0 q', { excused: 1 }],
    [
      'that a kill excuses no second process',
      'begin 0 p; end 0 p; kill p; begin 0 q; end 0 q; begin 0 r; end 0 r',
      { doubles: 1 },
    ],
    ['that two had an event at once', 'begin 0 p; begin 0 q; end 0 q; settled 0 q', { overlaps: 1 }],
    ['that one took over from a dead one', 'begin 0 p; kill p; begin 0 q; end 0 q; settled 0 q', {}],
    ['that one took over from one that knew', 'begin 0 p; aborted 0 p; begin 0 q; end 0 q; settled 0 q', {}],
    ['that an event overtook another', 'begin 1 p; end 1 p; begin 0 p; end 0 p', { disorder: 2 }],
    ['that an event did not wait for the end of another', 'begin 0 p; begin 1 q; end 0 p; end 1 q', { disorder: 1 }],
    [
      'that an event did not wait for a second try',
      'begin 0 p; end 0 p; begin 1 q; end 1 q; kill p; begin 0 r; end 0 r',
      { disorder: 1, excused: 1 },
    ],
  ])('tells %s', (_, story, expected) => expectFindings(story, expected, 'kill'));

  it.each([
    ['whom an outage excuses', 'begin 0 p; end 0 p; begin 0 q; end 0 q', { excused: 1 }],
    [
      'that an outage excuses nobody who could settle',
      'begin 0 p; end 0 p; settled 0 p; begin 0 q; end 0 q',
      { doubles: 1 },
    ],
    [
      'that one who is excused may come late',
      'begin 0 p; end 0 p; begin 1 q; end 1 q; begin 0 r; end 0 r',
      { excused: 1 },
    ],
    ['that one who is not may not', 'begin 1 q; end 1 q; begin 0 r; end 0 r', { disorder: 2 }],
  ])('tells %s', (_, story, expected) => expectFindings(story, expected, 'outage'));
});

describe('the harness', () => {
  it('finds nothing where one process does all', async (context) => {
    const scene = openScene(context);
    const sent = nothingSent();
    await scene.start({ role: 'receiver', dedup: { kind: 'memory' }, handler: { upToMs: 2 } });
    await sendLoad({ receivers: () => scene.processes, chats: 10, perChat: 10 }, sent);
    expect(sent.acknowledged.size).toBe(100);
    expect(findingsOf(scene.records, sent.acknowledged)).toEqual(nothingFound);
  });

  it('finds doubles where three processes know nothing of each other', async (context) => {
    const scene = openScene(context);
    const sent = nothingSent();
    const plan = { role: 'receiver', dedup: { kind: 'memory' } } as const;
    const processes = await Promise.all([scene.start(plan), scene.start(plan), scene.start(plan)]);
    for (let place = 0; place < 10; place++) {
      await Promise.all(processes.map((process) => send(process, { chat: 'chat', place }, sent)));
    }
    expect(findingsOf(scene.records, sent.acknowledged).doubles).toHaveLength(10);
  });

  it('finds the loss where an inbox acknowledges what it has not stored', async (context) => {
    const scene = openScene(context);
    const sent = nothingSent();
    const process = await scene.start({
      role: 'receiver',
      dedup: { kind: 'memory' },
      inbox: { kind: 'forgetful' },
      handler: { holdFrom: 0 },
    });
    await send(process, { chat: 'chat', place: 0 }, sent);
    await scene.until('the handler runs', () => scene.records.openRuns(process.pid).length === 1);
    await process.kill();
    expect(findingsOf(scene.records, sent.acknowledged).lost).toEqual([expect.stringContaining('never ended')]);
  });
});
