/** First and last name in one, as far as they are given. */
export const fullName = (first: string | null | undefined, last: string | null | undefined): string | undefined =>
  [first, last].filter(Boolean).join(' ') || undefined;
