/** A way to break the reference inbox, and the tests of the suite that must notice. */
export interface Fault {
  readonly fault: string;
  /** Source of `memory-inbox.ts`, and what stands there instead. */
  readonly from: string;
  readonly to: string;
  /** The names of tests. */
  readonly noticedBy: readonly string[];
}

export const breaks = (fault: string, from: string, to: string, ...noticedBy: readonly string[]): Fault => ({
  fault,
  from,
  to,
  noticedBy,
});

/** Leaves the source as it is and adds to it. */
export const adds = (fault: string, from: string, more: string, ...noticedBy: readonly string[]): Fault =>
  breaks(fault, from, `${from}\n${more}`, ...noticedBy);
