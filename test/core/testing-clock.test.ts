import { createTestClock } from '@chathooks/testing';
import { describe, expect, it } from 'vitest';

describe('the test clock', () => {
  it('stands still until it is moved', async () => {
    const clock = createTestClock({ now: 1000 });
    expect(clock.now()).toBe(1000);
    await clock.advance(0);
    await clock.advance(250);
    expect(clock.now()).toBe(1250);
    expect(new Date(createTestClock().now()).toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('calls timers at their own time, earliest first, and equal ones as they were set', async () => {
    const clock = createTestClock({ now: 0 });
    const calls: string[] = [];
    for (const [name, delay] of [
      ['c', 30],
      ['a', 10],
      ['b1', 20],
      ['b2', 20],
      ['later', 31],
    ] as const) {
      clock.setTimeout(() => calls.push(`${name} at ${clock.now()}`), delay);
    }
    await clock.advance(30);
    expect(calls).toEqual(['a at 10', 'b1 at 20', 'b2 at 20', 'c at 30']);
    expect(clock.pending).toBe(1);
  });

  it('calls timers that are set on the way, after promises too', async () => {
    const clock = createTestClock({ now: 0 });
    const times: number[] = [];
    const tick = async () => {
      times.push(clock.now());
      await Promise.resolve()
        .then(() => {})
        .then(() => {});
      clock.setTimeout(tick, 10);
    };
    clock.setTimeout(tick, 10);
    await clock.advance(35);
    expect(times).toEqual([10, 20, 30]);
  });

  it('lets promises that are ready set their timers before it moves', async () => {
    const clock = createTestClock({ now: 0 });
    const times: number[] = [];
    void Promise.resolve().then(() => clock.setTimeout(() => times.push(clock.now()), 5));
    await clock.advance(5);
    expect(times).toEqual([5]);
  });

  it('does not call what was cancelled', async () => {
    const clock = createTestClock();
    const calls: string[] = [];
    const cancel = clock.setTimeout(() => calls.push('no'), 10);
    clock.setTimeout(() => cancel(), 5);
    await clock.advance(20);
    cancel();
    expect(calls).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('calls a timer without delay, or with a negative one, at the next move', async () => {
    const clock = createTestClock();
    const calls: number[] = [];
    for (const delay of [0, -5]) clock.setTimeout(() => calls.push(delay), delay);
    await clock.advance(0);
    expect(calls).toEqual([0, -5]);
  });

  it('does not go backwards', async () => {
    await expect(createTestClock().advance(-1)).rejects.toThrow(RangeError);
    await expect(createTestClock().advance(Number.NaN)).rejects.toThrow(RangeError);
  });

  it('passes on what a timer throws', async () => {
    const clock = createTestClock();
    clock.setTimeout(() => {
      throw new Error('no');
    }, 1);
    await expect(clock.advance(1)).rejects.toThrow('no');
  });
});
