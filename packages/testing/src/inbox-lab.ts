import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { FailedEvent, Inbox, InboxCounts, InboxSettings } from '@chathooks/core';
import { done } from './inbox-entries.ts';
import type { InboxSubject } from './inbox-subject.ts';
import { type Respond, recordTries, type Tries } from './inbox-tries.ts';
import { createWaiting, type WaitOptions } from './inbox-waiting.ts';
import type { TestRunner } from './test-runner.ts';

/** Keeps handlers waiting until it opens. Opens by itself at the end of a test. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** Short pauses, so that a test in real time is quick. */
const settingsOfTests: InboxSettings = { attempts: 3, retryDelayMs: 20, maxRetryDelayMs: 1_000, concurrency: 8 };

/** What the tests of an inbox are written in. */
export function createProbe({ it }: TestRunner, subject: InboxSubject) {
  const { patienceMs = 10_000 } = subject;

  const test = (name: string, run: (lab: InboxLab) => Promise<void>) =>
    it(
      name,
      async () => {
        const lab = createLab(subject, patienceMs);
        const errors: unknown[] = [];
        await run(lab).catch((error: unknown) => errors.push(error));
        await lab.tidyUp().catch((error: unknown) => errors.push(error));
        if (errors.length === 1) throw errors[0];
        if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join('; after that: '));
      },
      patienceMs * 6,
    );

  return { test, subject };
}

/** {@inheritDoc createProbe} */
export type InboxProbe = ReturnType<typeof createProbe>;

/** What one test of an inbox works with. All its inboxes share their entries. */
export type InboxLab = ReturnType<typeof createLab>;

function createLab(subject: InboxSubject, patienceMs: number) {
  const prefix = `conformance-${randomUUID()}`;
  const tries: Tries = recordTries();
  const waiting = createWaiting(subject, tries, patienceMs);
  const inboxes = new Set<Inbox>();
  const gates = new Set<Gate>();

  /** Waits for a promise, letting time pass where it is injected. */
  async function resolves<T>(what: string, promise: Promise<T>): Promise<T> {
    await waiting.untilSettled(`${what} to resolve`, promise);
    return promise;
  }

  /** Stops and closes an inbox, as at the end of its process. */
  async function end(inbox: Inbox): Promise<void> {
    inboxes.delete(inbox);
    try {
      await resolves('stop()', inbox.stop());
    } finally {
      await inbox.close?.();
    }
  }

  return {
    prefix,
    tries,
    now: waiting.now,
    pass: waiting.pass,

    /** Makes an inbox that the test need not close. */
    async open(settings: InboxSettings = {}, otherPrefix = prefix): Promise<Inbox> {
      const inbox = await subject.create({ prefix: otherPrefix, settings: { ...settingsOfTests, ...settings } });
      inboxes.add(inbox);
      return inbox;
    },

    /** Starts an inbox, with handlers whose tries are recorded. Without `respond` all of them succeed. */
    start: (inbox: Inbox, respond: Respond = () => done): Promise<void> => inbox.start(tries.handler(respond)),

    /** Closes an inbox without stopping it. */
    async close(inbox: Inbox): Promise<void> {
      inboxes.delete(inbox);
      await inbox.close?.();
    },

    end,

    async crash(inbox: Inbox): Promise<void> {
      inboxes.delete(inbox);
      tries.abandon();
      await subject.crash?.(inbox);
    },

    gate(): Gate {
      const { promise, resolve } = Promise.withResolvers<void>();
      const gate: Gate = { opened: promise, open: resolve };
      gates.add(gate);
      return gate;
    },

    /** Waits until what handlers saw is so. */
    until: (what: string, condition: () => boolean, options?: WaitOptions): Promise<void> =>
      waiting.untilSeen(what, condition, options),

    /** Waits until so much is in the inbox. */
    untilCounts: (inbox: Inbox, { pending, failed }: InboxCounts): Promise<InboxCounts> =>
      waiting.untilAnswered(
        `counts() of ${pending} pending and ${failed} failed`,
        () => inbox.counts(),
        (seen) => seen.pending === pending && seen.failed === failed,
      ),

    /** Waits until so many entries are set aside, which must be these, and the oldest first. */
    async untilFailed(inbox: Inbox, ids: readonly string[]): Promise<readonly FailedEvent[]> {
      const list = await waiting.untilAnswered(
        `${ids.length} in failed.list()`,
        () => setAside(inbox),
        ({ length }) => length === ids.length,
      );
      const listed = list.map(({ id }) => id);
      assert.deepEqual(listed.toSorted(), ids.toSorted(), 'the ids in failed.list()');
      const times = list.map(({ failedAt }) => failedAt);
      assert.deepEqual(times, times.toSorted(), 'the times in failed.list(): the oldest first');
      return list;
    },

    resolves,

    async rejects(what: string, promise: Promise<unknown>): Promise<void> {
      const result = await waiting.untilSettled(`${what} to reject`, promise);
      assert.equal(result.status, 'rejected', `${what} has resolved`);
    },

    /** Lets some milliseconds pass. */
    async later(inbox: Inbox): Promise<void> {
      const start = waiting.now();
      await waiting.untilAnswered(
        'the clock to move',
        () => inbox.counts(),
        () => waiting.now() - start > 5,
      );
    },

    /** Gives an inbox the opportunity to do what it must not do. */
    async tempt(inbox: Inbox): Promise<void> {
      for (let turn = 0; turn < 10; turn++) {
        await inbox.counts();
        await waiting.pass(10);
      }
    },

    /** Ends whatever the test left open. */
    async tidyUp(): Promise<void> {
      for (const gate of gates) gate.open();
      const ended = await Promise.allSettled([...inboxes].map(end));
      for (const result of ended) if (result.status === 'rejected') throw result.reason;
    },
  };
}

/** All that `failed.list()` gives. */
export async function setAside(inbox: Inbox): Promise<readonly FailedEvent[]> {
  const list: FailedEvent[] = [];
  for await (const event of inbox.failed.list()) list.push(event);
  return list;
}
