import { isMessageStatus, messageStatuses, present, statusRank, toIsoTime, toPhone } from '@chathooks/core';
import { describe, expect, it } from 'vitest';

describe('toIsoTime', () => {
  it.each([
    ['2026-06-10T08:15:30.000Z', '2026-06-10T08:15:30.000Z'],
    ['2026-06-10T08:15:30Z', '2026-06-10T08:15:30.000Z'],
    ['2026-06-10T10:15:30+02:00', '2026-06-10T08:15:30.000Z'],
    ['2026-06-10T08:15:30', '2026-06-10T08:15:30.000Z'],
    ['2026-06-10 08:15:30.25', '2026-06-10T08:15:30.250Z'],
    [1_781_079_330, '2026-06-10T08:15:30.000Z'],
    ['1781079330', '2026-06-10T08:15:30.000Z'],
    [1_781_079_330_250, '2026-06-10T08:15:30.250Z'],
    ['1781079330.25', '2026-06-10T08:15:30.250Z'],
    [0, '1970-01-01T00:00:00.000Z'],
  ])('reads %s as %s', (value, expected) => {
    expect(toIsoTime(value)).toBe(expected);
  });

  it.each([
    undefined,
    null,
    '',
    'yesterday',
    'NaN',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e18,
    '9'.repeat(400),
    '2026-13-45T99:99:99Z',
    '2026-02-32T00:00:00.000Z',
  ])('finds no time in %s', (value) => {
    expect(toIsoTime(value)).toBeUndefined();
  });

  it('gives times that are there: no 30th of February', () => {
    const time = toIsoTime('2026-02-30T08:15:30.000Z');
    expect(time === undefined || new Date(time).toISOString() === time).toBe(true);
  });
});

describe('toPhone', () => {
  it.each([
    ['+31 6 5554-4433', '+31655544433'],
    ['31655544433', '+31655544433'],
    ['0031655544433', '+31655544433'],
    ['0655544433', undefined],
    ['unknown', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads %s as %s', (value, expected) => {
    expect(toPhone(value)).toBe(expected);
  });
});

describe('present', () => {
  it('leaves out what is undefined and nothing else', () => {
    const fields = { a: undefined, b: null, c: '', d: 0, e: false };
    expect(Object.keys(present(fields))).toEqual(['b', 'c', 'd', 'e']);
  });
});

describe('message statuses', () => {
  it('rank as a message passes them, and a failure ends it from anywhere', () => {
    const ranks = (['queued', 'sent', 'delivered', 'read', 'played', 'failed'] as const).map(statusRank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(ranks).size).toBe(messageStatuses.length);
  });

  it('are told from other words', () => {
    expect(isMessageStatus('read')).toBe(true);
    expect(isMessageStatus('READ')).toBe(false);
    expect(isMessageStatus('toString')).toBe(false);
  });
});
