import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, type TestContext } from 'vitest';
import { findingsOf, nothingFound } from './findings.ts';
import { nothingSent, type Sent, send, sendLoad } from './load.ts';
import { openScene, type Process } from './scene.ts';
import { report } from './soak.ts';
import { inFiles } from './subjects.ts';

/** Sends an event to each of many chats, until one is refused. */
async function fill(to: Process, sent: Sent, textLength: number): Promise<void> {
  for (let index = 0; ; index++) {
    const status = await send(to, { chat: `chat${textLength}-${index}`, place: 0, textLength }, sent);
    if (status === 503) return;
    expect(status).toBe(200);
    expect(index, 'events that fit').toBeLessThan(5_000);
  }
}

/** Whether a disk can be made that is full soon. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

function mountTiny(dir: string, { onTestFinished }: TestContext): string {
  const disk = join(dir, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', disk]));
  return disk;
}

describe('a file that cannot grow', { timeout: 60_000 }, () => {
  it('has deliveries refused at maxBytes until there is room again, and keeps all that it has', async (context) => {
    const scene = openScene(context);
    const sent = nothingSent();
    const storage = inFiles.storage(scene);
    const plan = {
      dedup: { ...storage.dedup, maxBytes: 2 ** 20 },
      inbox: { ...storage.inbox, maxBytes: 2 ** 20 },
    };
    const web = await scene.start({ ...plan, role: 'web' });
    await fill(web, sent, 20_000);
    await scene.start({ ...plan, role: 'worker' });
    await scene.until('deliveries are acknowledged again', async () => {
      return (await send(web, { chat: 'later', place: 0, textLength: 20_000 }, sent)) === 200;
    });
    await scene.untilEmpty(plan.inbox);
    expect(findingsOf(scene.records, sent.acknowledged, 'none')).toEqual(nothingFound);
  });

  it.skipIf(!canMount)(
    'loses nothing on a full disk, not even while handlers end, and goes on when there is room',
    async (context) => {
      const scene = openScene(context);
      const sent = nothingSent();
      const disk = mountTiny(scene.dir, context);
      const ballast = join(disk, 'ballast');
      writeFileSync(ballast, Buffer.alloc(16 * 2 ** 20)); // more than the write-ahead log may need to be worked in
      const storage = inFiles.storage({ ...scene, dir: disk });
      const process = await scene.start({ ...storage, role: 'receiver', leaseMs: 1_000, handler: { holdFrom: 0 } });
      await fill(process, sent, 200_000);
      expect(() => {
        for (;;) appendFileSync(ballast, Buffer.alloc(4_096));
      }).toThrow('ENOSPC');
      await fill(process, sent, 1);
      process.release();
      await scene.until('handlers end on the full disk', () => scene.records.runs.some(({ ended }) => ended));
      expect(await send(process, { chat: 'early', place: 0, textLength: 200_000 }, sent)).toBe(503);
      rmSync(ballast);
      await scene.until('deliveries are acknowledged again', async () => {
        return (await send(process, { chat: 'later', place: 0, textLength: 200_000 }, sent)) === 200;
      });
      await scene.untilEmpty(storage.inbox);
      const findings = findingsOf(scene.records, sent.acknowledged, 'outage');
      expect(findings).toMatchObject({ lost: [], doubles: [], overlaps: [], disorder: [] });
      report(`SQLite on a full disk: ${sent.acknowledged.size} events, ${findings.excused.length} handled twice`);
    },
  );
});

describe('a file whose processes are killed in the middle of commits', { timeout: 60_000 }, () => {
  it('is intact, and holds all that was acknowledged', async (context) => {
    const scene = openScene(context);
    const sent = nothingSent();
    const plan = { ...inFiles.storage(scene), role: 'web' } as const;
    const start = () => scene.start(plan);
    await Promise.all([start(), start()]);
    let kills = 0;
    const sending = sendLoad({ receivers: () => scene.processes, chats: 30, perChat: 1, more: () => kills < 10 }, sent);
    for (; kills < 10; kills++) {
      const before = sent.acknowledged.size;
      await scene.until('deliveries are acknowledged', () => sent.acknowledged.size > before + 30);
      await scene.processes[0]?.kill();
      expect(check(plan.inbox.file)).toEqual([{ integrity_check: 'ok' }]);
      await start();
    }
    await sending;
    await scene.start({ ...plan, role: 'worker' });
    await scene.untilEmpty(plan.inbox);
    expect(findingsOf(scene.records, sent.acknowledged, 'none')).toEqual(nothingFound);
    report(`SQLite: ${kills} kills in ${sent.acknowledged.size} acknowledged events`);
  });
});

function check(file: string): unknown[] {
  const database = new DatabaseSync(file);
  try {
    return database.prepare('PRAGMA integrity_check').all();
  } finally {
    database.close();
  }
}
