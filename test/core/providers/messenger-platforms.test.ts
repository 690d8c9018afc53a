import { instagram, type JsonValue, messenger } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { normalized, onInstagram, onMessenger, type Platform } from './messenger-envelope.ts';

const samples = [
  ...Object.entries(messenger.samples.events).map(([name, { payload }]) => ({ name: `Messenger's ${name}`, payload })),
  ...Object.entries(instagram.samples.events).map(([name, { payload }]) => ({ name: `Instagram's ${name}`, payload })),
];

/** What a platform makes of a payload, with the name of the platform taken out. */
function neutral(platform: Platform, payload: Readonly<Record<string, JsonValue>>) {
  const events = normalized(platform, { ...payload, object: platform.object });
  expect(events.length).toBeGreaterThan(0);
  const text = JSON.stringify(events.map(({ raw, ...event }) => event));
  return JSON.parse(text.replaceAll(`"channel":"${platform.channel}"`, '"channel":"either"'));
}

describe('both platforms give the same fields for the same thing', () => {
  it.each(samples)('$name', ({ payload }) => {
    const events = neutral(onMessenger, payload);
    expect(events).toEqual(neutral(onInstagram, payload));
    expect(JSON.stringify(events)).not.toMatch(/"(messenger|page|instagram)"/);
  });

  it('and say which platform it is in the chat', () => {
    const [sample] = Object.values(messenger.samples.events);
    for (const platform of [onMessenger, onInstagram]) {
      const [event] = normalized(platform, { ...sample?.payload, object: platform.object });
      expect(event?.data).toMatchObject({ chat: { channel: platform.channel } });
    }
  });
});
