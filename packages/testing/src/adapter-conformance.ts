import { bodyTests } from './adapter-conformance-bodies.ts';
import { exchangeTests } from './adapter-conformance-exchanges.ts';
import { type AdapterSubject, testsOf } from './adapter-conformance-subject.ts';
import type { TestRunner } from './test-runner.ts';

/**
 * Checks, over real connections, that an adapter hands requests to the receiver and replies to the sender as they are.
 *
 * @example
 * ```ts
 * import { describe, it } from 'vitest';
 *
 * adapterConformance({ describe, it }, {
 *   name: 'my framework',
 *   serve: ({ receiver, prefix, parser, onError }) => startMyServer(…),
 *   capabilities: { parsers: [], prefix: true, abort: true },
 * });
 * ```
 */
export function adapterConformance(runner: TestRunner, subject: AdapterSubject): void {
  runner.describe(subject.name, () => {
    const test = testsOf(subject, runner);
    bodyTests(test, subject.capabilities);
    exchangeTests(test, subject.capabilities);
  });
}
