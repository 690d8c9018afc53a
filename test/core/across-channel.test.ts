import {
  type ChatEvent,
  createReceiver,
  createWorker,
  type EventData,
  memoryDedup,
  type ProviderEvent,
  type ReceiverSettings,
} from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { deferred, promisesRan, send, shop, signed } from './harness.ts';
import { stubInbox } from './inbox-stub.ts';

/** A vendor that tells of things in our own words, under keys of its own. */
const vendor = (name: string, whenTold = () => {}) =>
  shop({
    name,
    normalize: (payload) => {
      whenTold();
      const { key, ...event } = payload as { key: string } & Pick<ProviderEvent, 'type' | 'data' | 'mode'>;
      return [{ ...event, key, providerEvent: 'told', raw: payload } as ProviderEvent];
    },
  });

const wamid = 'wamid.HBgLMzE2MDAwMDAwMDE=';
const inbound = (id: string, channelMessageId: string | undefined, channel = 'whatsapp') => ({
  type: 'message.inbound',
  data: {
    message: { id, channelMessageId, direction: 'inbound', kind: 'text' },
    chat: { id: 'c', channel },
  },
});
const status = (id: string, data: Partial<EventData['message.status']>) => ({
  type: 'message.status',
  data: { messageId: id, channelMessageId: wamid, status: 'read', ...data },
});

function receiverOf(settings: ReceiverSettings = { dedup: { across: 'channel' } }) {
  const events: ChatEvent[] = [];
  const receiver = createReceiver({
    providers: [vendor('crm'), vendor('platform')],
    logger: false,
    ...settings,
    onEvent: (event) => void events.push(event),
  });
  let keys = 0;
  const tell = async (name: string, event: object, connection = '') => {
    const path = `/webhooks/${name}${connection && `/${connection}`}`;
    const { status } = await send(receiver, signed(JSON.stringify({ key: `k${keys++}`, ...event }), path));
    expect(status).toBe(200);
  };
  return { events, tell, seen: () => events.map(({ provider, type }) => `${provider} ${type}`) };
}

describe('dedup across a channel', () => {
  it('handles a message once that two providers tell of', async () => {
    const { tell, events } = receiverOf();
    await tell('crm', inbound('crm-1', wamid));
    await tell('platform', inbound(wamid, wamid));
    expect(events).toMatchObject([{ provider: 'crm', id: 'crm:k0' }]);
  });

  it('handles it twice by default', async () => {
    const { tell, seen } = receiverOf({});
    await tell('crm', inbound('crm-1', wamid));
    await tell('platform', inbound(wamid, wamid));
    expect(seen()).toHaveLength(2);
  });

  it('tells what happens to a message apart', async () => {
    const { tell, seen } = receiverOf();
    await tell('crm', inbound('crm-1', wamid));
    for (const name of ['crm', 'platform']) {
      await tell(name, { ...inbound('x', wamid), type: 'message.deleted' });
      await tell(name, status('x', { status: 'delivered' }));
      await tell(name, status('x', { status: 'read' }));
    }
    expect(seen()).toEqual(['crm message.inbound', 'crm message.deleted', 'crm message.status', 'crm message.status']);
  });

  it('tells the participants of a group apart', async () => {
    const { tell, events } = receiverOf();
    for (const name of ['crm', 'platform']) {
      for (const id of ['u1', 'u2']) await tell(name, status('x', { partial: true, recipient: { channelUserId: id } }));
    }
    expect(events.map(({ data }) => data)).toMatchObject([
      { recipient: { channelUserId: 'u1' } },
      { recipient: { channelUserId: 'u2' } },
    ]);
  });

  it('knows a late status by whichever provider told the later one', async () => {
    const { tell, events } = receiverOf();
    await tell('crm', status('crm-1', { status: 'read' }));
    await tell('platform', status(wamid, { status: 'delivered' }));
    expect(events[1]?.data).toMatchObject({ status: 'delivered', stale: true });
  });

  it('goes by ids that are unique in their channel only', async () => {
    const { tell, seen } = receiverOf();
    // Telegram counts the messages of each chat.
    for (const name of ['crm', 'platform']) await tell(name, inbound('42', '42', 'telegram'));
    for (const name of ['crm', 'platform']) await tell(name, inbound('a', undefined));
    expect(seen()).toHaveLength(4);
    for (const name of ['crm', 'platform']) await tell(name, inbound('m_1', 'm_1', 'messenger'));
    expect(seen()).toHaveLength(5);
    await tell('platform', inbound('m_1', 'm_1', 'instagram'));
    expect(seen()).toHaveLength(6);
  });

  it('never counts an edit or a reaction as one that came before', async () => {
    const { tell, seen } = receiverOf();
    for (const name of ['crm', 'platform']) await tell(name, { ...inbound('x', wamid), type: 'message.updated' });
    expect(seen()).toHaveLength(2);
  });

  it('lets a copy that is no news hide nothing: of a backfill, or for an observer', async () => {
    const { tell, events } = receiverOf();
    await tell('platform', { ...inbound(wamid, wamid), mode: 'history' });
    await tell('platform', { ...inbound(wamid, wamid), mode: 'standby' });
    await tell('crm', inbound('crm-1', wamid));
    await tell('platform', inbound(wamid, wamid));
    expect(events.map(({ provider, mode }) => `${provider} ${mode}`)).toEqual([
      'platform history',
      'platform standby',
      'crm live',
    ]);
  });

  it('tells a comment, and the mention in it, apart', async () => {
    const { tell, events } = receiverOf();
    for (const kind of ['comment', 'mention']) {
      const { data } = inbound('x', '1784', 'instagram');
      await tell('platform', { type: 'message.inbound', data: { ...data, message: { ...data.message, kind } } });
    }
    expect(events).toHaveLength(2);
  });

  it('lets the other provider tell what failed when the first told it', async () => {
    const handled: string[] = [];
    const receiver = createReceiver({
      providers: [vendor('crm'), vendor('platform')],
      logger: false,
      dedup: { across: 'channel' },
      onMessageInbound({ provider }) {
        handled.push(provider);
        if (provider === 'crm') throw new Error('not yet');
      },
    });
    const tell = async (name: string) => {
      const body = JSON.stringify({ key: 'k', ...inbound(`${name}-1`, wamid) });
      return (await send(receiver, signed(body, `/webhooks/${name}`))).status;
    };
    expect(await tell('crm')).toBe(500);
    expect(await tell('platform')).toBe(200);
    expect(await tell('crm')).toBe(200);
    expect(handled).toEqual(['crm', 'platform']);
  });

  it('answers two that tell at the same time alike', async () => {
    const working = deferred();
    const told: string[] = [];
    let runs = 0;
    const telling = (name: string) => vendor(name, () => void told.push(name));
    const receiver = createReceiver({
      providers: [telling('crm'), telling('platform')],
      logger: false,
      dedup: { across: 'channel' },
      async onMessageInbound() {
        runs++;
        await working.promise;
        throw new Error('not yet');
      },
    });
    const replies = ['crm', 'platform'].map((name) =>
      send(receiver, signed(JSON.stringify({ key: 'k', ...inbound(`${name}-1`, wamid) }), `/webhooks/${name}`)),
    );
    while (told.length < 2) await promisesRan();
    await promisesRan();
    working.resolve();
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([500, 500]);
    expect(runs).toBe(1);
  });

  it('compares the statuses of each participant, whichever provider tells of them', async () => {
    const { tell, events } = receiverOf();
    const of = (id: string, status: 'delivered' | 'read') => ({
      status,
      partial: true,
      recipient: { channelUserId: id },
    });
    await tell('crm', status('crm-1', of('u1', 'read')));
    await tell('platform', status(wamid, of('u2', 'delivered')));
    await tell('platform', status(wamid, of('u1', 'delivered')));
    expect(events.map(({ data }) => 'stale' in data)).toEqual([false, false, true]);
  });

  it('keeps connections apart', async () => {
    const { tell, seen } = receiverOf();
    await tell('crm', inbound('x', wamid), 'one');
    await tell('platform', inbound('x', wamid), 'two');
    await tell('platform', inbound('x', wamid), 'one');
    expect(seen()).toHaveLength(2);
  });

  it('works over any store, and in a worker', async () => {
    const claimed: string[] = [];
    const memory = memoryDedup();
    const store: typeof memory = {
      ...memory,
      claim(key, options) {
        claimed.push(key);
        return memory.claim(key, options);
      },
    };
    const { tell } = receiverOf({ dedup: { store, across: 'channel' } });
    await tell('crm', inbound('x', wamid), 'acme');
    expect(claimed).toEqual([`@channel/acme:message.inbound:${wamid}`]);

    const inbox = stubInbox();
    const filling = receiverOf({ inbox, process: false });
    await filling.tell('crm', inbound('crm-1', wamid));
    await filling.tell('platform', inbound(wamid, wamid));
    const handled: string[] = [];
    const worker = createWorker({
      inbox,
      dedup: { across: 'channel' },
      logger: false,
      onEvent: ({ provider }) => void handled.push(provider),
    });
    await worker.start();
    for (const entry of inbox.entries) await inbox.try({}, entry);
    await worker.close();
    expect(handled).toEqual(['crm']);
  });

  it('is set up by names that exist', () => {
    const make = (dedup: object) => () => createReceiver({ providers: [shop()], dedup });
    expect(make({ across: 'provider' })).toThrow('dedup.across is "provider", expected one of channel');
    expect(make({ acros: 'channel', store: memoryDedup() })).toThrow('did you mean "dedup.across"?');
    expect(make({ store: {} })).toThrow('dedup.store has no claim()');
    expect(make({ acros: 'channel' })).toThrow('dedup has no claim()');
  });
});
