import { type InboxSettings, inboxSettings, retryDelay } from '@chathooks/core';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('inboxSettings', () => {
  const defaults: Required<InboxSettings> = {
    attempts: 10,
    retryDelayMs: 1_000,
    maxRetryDelayMs: 300_000,
    concurrency: 16,
    maxPending: 100_000,
    keepFailedMs: 2_592_000_000,
  };

  it('fills in the documented defaults', () => {
    expect(inboxSettings({})).toEqual(defaults);
  });

  it('keeps what is given, and nothing else', () => {
    const given: Required<InboxSettings> = {
      attempts: 1,
      retryDelayMs: 2,
      maxRetryDelayMs: 3,
      concurrency: 4,
      maxPending: 5,
      keepFailedMs: 6,
    };
    const more = { ...given, file: 'inbox.sqlite' };
    expect(inboxSettings(more)).toEqual(given);
    expect(inboxSettings({ attempts: 3 })).toEqual({ ...defaults, attempts: 3 });
  });

  const names = Object.keys(defaults);
  const wrong: readonly unknown[] = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, null, '10', true];
  it.each(names.flatMap((name) => wrong.map((value) => [name, value] as const)))('refuses %s: %j', (name, value) => {
    const refused = {
      code: 'invalid_option',
      message: `${name} is ${value}, expected a whole number above 0 (invalid_option)`,
    };
    expect(() => inboxSettings({ [name]: value })).toThrow(expect.objectContaining(refused));
  });
});

describe('retryDelay', () => {
  const settings = { retryDelayMs: 1_000, maxRetryDelayMs: 10_000 };
  const delays = (random: number) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    return [1, 2, 3, 4, 5, 6].map((failures) => retryDelay(settings, failures));
  };

  it('doubles with each failure, up to the longest', () => {
    expect(delays(0)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('is shorter by up to half, at random', () => {
    expect(delays(0.5)).toEqual([750, 1_500, 3_000, 6_000, 7_500, 7_500]);
    expect(delays(1 - Number.EPSILON)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('is not the same for all that failed together', () => {
    const different = new Set(Array.from({ length: 100 }, () => retryDelay(settings, 4)));
    expect(different.size).toBeGreaterThan(10);
  });

  it.each([100, 1_000, Number.MAX_SAFE_INTEGER])('is finite after %d failures', (failures) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    expect(retryDelay(settings, failures)).toBe(10_000);
    const longest = { retryDelayMs: Number.MAX_SAFE_INTEGER, maxRetryDelayMs: Number.MAX_SAFE_INTEGER };
    expect(retryDelay(longest, failures)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('is at least a millisecond', () => {
    vi.spyOn(Math, 'random').mockReturnValue(1 - Number.EPSILON);
    expect(retryDelay({ retryDelayMs: 1, maxRetryDelayMs: 1 }, 1)).toBe(1);
  });

  it('is the longest from the start where that is below the first', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    expect(retryDelay({ retryDelayMs: 5_000, maxRetryDelayMs: 1_000 }, 1)).toBe(1_000);
  });
});
