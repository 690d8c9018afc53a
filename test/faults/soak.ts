/** For how long to try what else is tried briefly: `CHATHOOKS_SOAK_SECONDS=600 npm test -- test/faults`. */
export const soakMs = Number(process.env.CHATHOOKS_SOAK_SECONDS ?? 0) * 1_000;

/** Tells figures, where somebody wants them. */
export function report(...values: unknown[]): void {
  console.log(...values);
}
