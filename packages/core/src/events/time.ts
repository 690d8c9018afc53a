/** The form in which we write times; most vendors write it too. The 29th of February has to be looked at. */
const isoTime =
  /^\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** A date with a time and no zone, which `Date.parse` would take for the local time of this machine. */
const withoutZone = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;

/**
 * A vendor's time as ISO-8601 in UTC: from ISO text, taken as UTC if it names no zone, from Unix seconds or from Unix
 * milliseconds (anything beyond the year 5000 in seconds), as a number or as digits.
 *
 * @returns `undefined` when there is no time to be read
 */
export function toIsoTime(value: string | number | null | undefined): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'string' && isoTime.test(value)) return value;
  const time = typeof value === 'number' || /^\d+(\.\d+)?$/.test(value) ? fromUnix(Number(value)) : parseText(value);
  return Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : undefined;
}

const parseText = (value: string) => Date.parse(withoutZone.test(value) ? `${value.replace(' ', 'T')}Z` : value);

const fromUnix = (value: number) => (value > 1e11 ? value : value * 1000);

/** Writes times of a clock as ISO-8601; the same millisecond only once, since a busy server asks for it often. */
export function createIsoClock(): (now: number) => string {
  let last = Number.NaN;
  let text = '';
  return (now) => {
    if (now !== last) {
      last = now;
      text = new Date(now).toISOString();
    }
    return text;
  };
}
