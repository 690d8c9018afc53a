import { testFailed } from './inbox-conformance-failed.ts';
import { testOrdering } from './inbox-conformance-ordering.ts';
import { testRetrying } from './inbox-conformance-retrying.ts';
import { testSharing } from './inbox-conformance-sharing.ts';
import { testStopping } from './inbox-conformance-stopping.ts';
import { testStoring } from './inbox-conformance-storing.ts';
import { createProbe } from './inbox-lab.ts';
import type { InboxSubject } from './inbox-subject.ts';
import type { TestRunner } from './test-runner.ts';

/**
 * Checks that an inbox keeps its contract, {@link Inbox}. Each test has a prefix of its own, and passes settings with
 * short pauses. Nothing sleeps: the tests wait for what should happen, and give up after `patienceMs` of the subject.
 *
 * @remarks
 * Tests know nothing of each other. Where time is not injected and the engine is slow, let them run at the same time:
 * `{ describe, it: it.concurrent }`.
 * @example
 * ```ts
 * import { describe, it } from 'vitest';
 *
 * const clock = createTestClock();
 * inboxConformance({ describe, it }, {
 *   name: 'fileInbox',
 *   create: ({ prefix, settings }) => fileInbox({ ...settings, folder: join(folder, prefix), clock }),
 *   elapse: (ms) => clock.advance(ms),
 *   capabilities: { shared: false },
 * });
 * ```
 */
export function inboxConformance(runner: TestRunner, subject: InboxSubject): void {
  const probe = createProbe(runner, subject);
  runner.describe(`${subject.name} keeps the contract of an inbox`, () => {
    runner.describe('storing', () => testStoring(probe));
    runner.describe('order', () => testOrdering(probe));
    runner.describe('tries', () => testRetrying(probe));
    runner.describe('entries that were set aside', () => testFailed(probe));
    runner.describe('start, stop and close', () => testStopping(probe));
    if (subject.capabilities.shared || subject.crash || subject.createUnreachable) {
      runner.describe('instances and outages', () => testSharing(probe));
    }
  });
}
