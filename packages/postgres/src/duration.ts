/** As far as a `timestamptz` can surely count. */
const hundredYearsMs = 100 * 365 * 24 * 60 * 60 * 1000;

/** A duration in milliseconds as text, cut to what Postgres can add to any time of this millennium. */
export const milliseconds = (ms: number): string => String(Math.min(ms, hundredYearsMs));
