import { type Delivery, instagram, type JsonObject, type JsonValue, messenger } from '@chathooks/core';
import { assertFitsCatalog, assertSurvivesJson } from '@chathooks/testing';

const options = { appSecret: 'secret', verifyToken: 'token' };

/** Both platforms, with the word by which their deliveries are told apart. */
export const platforms = [
  { channel: 'messenger', object: 'page', provider: messenger(options), samples: messenger.samples },
  { channel: 'instagram', object: 'instagram', provider: instagram(options), samples: instagram.samples },
] as const;

/** One of {@link platforms}. */
export type Platform = (typeof platforms)[number];

export const [onMessenger, onInstagram] = platforms;

export const delivery: Delivery = {
  receivedAt: '2026-06-10T09:00:00.000Z',
  connection: undefined,
  header: () => undefined,
};

/** What a platform makes of a payload. */
export function normalized({ provider }: Platform, payload: unknown) {
  return provider.normalize(payload, delivery).map((event) => {
    assertFitsCatalog(event);
    assertSurvivesJson(event.data);
    return event;
  });
}

/** What a platform makes of the contents of one entry. */
export const ofEntry = (platform: Platform, entry: JsonValue) =>
  normalized(platform, { object: platform.object, entry: [entry] });

/** An item from the customer `7` to the page `9`, at 08:15:30. */
export const item = (content: JsonObject): JsonObject => ({
  sender: { id: '7' },
  recipient: { id: '9' },
  timestamp: 1781079330000,
  ...content,
});

/** What a platform makes of one such item, without `raw`. */
export function ofItem(platform: Platform, content: JsonObject) {
  const whole = item(content);
  return ofEntry(platform, { id: '9', time: 1781079330250, messaging: [whole] }).map(({ raw, ...event }) => {
    if (raw !== whole) throw new Error('raw is not the item as it came');
    return JSON.parse(JSON.stringify(event));
  });
}

/** What a platform makes of one change, without `raw`. */
export function ofChange(platform: Platform, field: string, value: JsonValue) {
  const change = { field, value };
  return ofEntry(platform, { id: '9', time: 1781079330250, changes: [change] }).map(({ raw, ...event }) => {
    if (raw !== change) throw new Error('raw is not the change as it came');
    return JSON.parse(JSON.stringify(event));
  });
}
