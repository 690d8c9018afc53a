/** The two functions of a test runner that a suite needs: those of `node:test`, vitest or jest. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown;
  /** @param timeoutMs - how long the test may take, where that differs from the runner's default */
  it(name: string, test: () => Promise<void>, timeoutMs?: number): unknown;
}
