/**
 * A phone number as E.164 with `+`. Vendors send it with and without, and with spaces.
 *
 * @returns `undefined` when there is no number in it
 */
export function toPhone(value: string | null | undefined): string | undefined {
  const digits = value?.replace(/[^\d]/g, '');
  return digits ? `+${digits}` : undefined;
}
