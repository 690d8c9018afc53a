/**
 * A vendor's time as ISO-8601 in UTC: from ISO text, from Unix seconds or from Unix milliseconds (anything beyond the
 * year 5000 in seconds), as a number or as digits.
 *
 * @returns `undefined` when there is no time to be read
 */
export function toIsoTime(value: string | number | null | undefined): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const time = typeof value === 'number' || /^\d+(\.\d+)?$/.test(value) ? fromUnix(Number(value)) : Date.parse(value);
  return Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : undefined;
}

const fromUnix = (value: number) => (value > 1e11 ? value : value * 1000);
