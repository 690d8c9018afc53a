const bareDigits = /^[1-9]\d*$/;

/**
 * A phone number as E.164 with `+`. Vendors send it with and without, with spaces, or with `00`.
 *
 * @returns `undefined` when there is no number in it, or only a national one, whose country nobody can tell
 */
export function toPhone(value: string | null | undefined): string | undefined {
  // Most vendors send digits and nothing else.
  if (value && bareDigits.test(value)) return `+${value}`;
  const digits = value?.replace(/\D/g, '').replace(/^00/, '');
  return digits && !digits.startsWith('0') ? `+${digits}` : undefined;
}
