/** The two functions of a test runner that a suite needs: those of `node:test`, vitest or jest. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown;
  it(name: string, test: () => Promise<void>): unknown;
}
