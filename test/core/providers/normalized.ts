import { createHash } from 'node:crypto';
import type { JsonObject, Provider } from '@chathooks/core';
import { assertFitsCatalog, assertSurvivesJson } from '@chathooks/testing';
import { expect } from 'vitest';

/** What a provider makes of a payload, without `raw`, which must be the payload itself. */
export function normalized(provider: Provider, payload: unknown, receivedAt = '2026-06-10T09:00:00.000Z') {
  const events = provider.normalize(payload, { receivedAt, connection: undefined, header: () => undefined });
  return events.map(({ raw, ...event }) => {
    expect(raw).toBe(payload);
    assertFitsCatalog(event);
    assertSurvivesJson(event.data);
    return event;
  });
}

/** The dedup key of what has no id. */
export const hashKey = (name: string, payload: JsonObject) =>
  `${name}:sha256-${createHash('sha256').update(JSON.stringify(payload)).digest('hex')}`;
