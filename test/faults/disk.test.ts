import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, type TestContext } from 'vitest';
import { idOf } from './deliveries.ts';
import { findingsOf, nothingFound } from './findings.ts';
import { nothingSent, type Sent, send, sendLoad } from './load.ts';
import { openScene, type Process, type Scene } from './scene.ts';
import { report } from './soak.ts';
import { inFiles } from './subjects.ts';

/** Sends an event to each of many chats, until one is refused. */
async function fill(to: Process, sent: Sent, textLength: number): Promise<void> {
  for (let index = 0; ; index++) {
    const status = await send(to, { chat: `chat${index}`, place: 0, textLength }, sent);
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

/** What is not handled yet is worked off, and then there is room again. */
async function expectRecovery(scene: Scene, web: Process, sent: Sent, startWorker: () => Promise<unknown>) {
  const stored = new Set(sent.acknowledged);
  await startWorker();
  await scene.until('all that was acknowledged is handled', () =>
    [...stored].every((id) => scene.records.runsOf(id).some(({ settled }) => settled !== undefined)),
  );
  await scene.until('deliveries are acknowledged again', async () => {
    return (await send(web, { chat: 'later', place: 0, textLength: 20_000 }, sent)) === 200;
  });
  await scene.until(
    'what came later is handled',
    () => scene.records.runsOf(idOf({ chat: 'later', place: 0 })).length > 0,
  );
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
    await expectRecovery(scene, web, sent, () => scene.start({ ...plan, role: 'worker' }));
    await scene.untilEmpty(plan.inbox);
    expect(findingsOf(scene.records, sent.acknowledged, 'none')).toEqual(nothingFound);
  });

  it.skipIf(!canMount)('has deliveries refused while the disk is full', async (context) => {
    const scene = openScene(context);
    const sent = nothingSent();
    const disk = mountTiny(scene.dir, context);
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(16 * 2 ** 20));
    const plan = inFiles.storage({ ...scene, dir: disk });
    const web = await scene.start({ ...plan, role: 'web' });
    await fill(web, sent, 200_000);
    expect(await send(web, { chat: 'early', place: 0, textLength: 200_000 }, sent)).toBe(503);
    rmSync(ballast);
    await expectRecovery(scene, web, sent, () => scene.start({ ...plan, role: 'worker' }));
    await scene.untilEmpty(plan.inbox);
    expect(findingsOf(scene.records, sent.acknowledged, 'none')).toEqual(nothingFound);
  });
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
