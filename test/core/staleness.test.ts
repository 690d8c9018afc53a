import {
  type ChatEvent,
  createReceiver,
  type MessageStatus,
  memoryDedup,
  type Person,
  type ReceiverSettings,
} from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { type Note, notes, send, shop, signed } from './harness.ts';

function tracker(settings: ReceiverSettings = {}) {
  const seen: (string | undefined)[] = [];
  let failures = 0;
  const receiver = createReceiver({
    providers: [shop()],
    logger: false,
    ...settings,
    onMessageStatus({ data }: ChatEvent<'message.status'>) {
      seen.push(data.stale ? `${data.status} (stale)` : data.status);
      if (failures-- > 0) throw new Error('no');
    },
  });
  const tell = async (note: Note, path?: string) => (await send(receiver, notes([note], path))).status;
  const failNext = () => {
    failures = 1;
  };
  return { seen, tell, failNext };
}

describe('a status that comes late', () => {
  it('is marked', async () => {
    const { seen, tell } = tracker();
    for (const status of ['sent', 'read', 'delivered', 'failed'] as const) await tell({ id: status, status });
    expect(seen).toEqual(['sent', 'read', 'delivered (stale)', 'failed']);
  });

  it('is left out with staleStatus: drop, acknowledged, and does not come back', async () => {
    const { seen, tell } = tracker({ staleStatus: 'drop' });
    for (const status of ['read', 'delivered', 'delivered'] as const)
      expect(await tell({ id: status, status })).toBe(200);
    expect(seen).toEqual(['read']);
  });

  it('is compared with those of its own message only', async () => {
    const { seen, tell } = tracker();
    await tell({ id: '1', status: 'read', message: 'm1' });
    await tell({ id: '2', status: 'sent', message: 'm2' });
    expect(seen).toEqual(['read', 'sent']);
  });

  it('is compared with those of its own connection only, whatever their names and ids are', async () => {
    const { seen, tell } = tracker();
    await tell({ id: '1', status: 'read', message: 'c:m' }, '/webhooks/shop/b');
    await tell({ id: '2', status: 'sent', message: 'm' }, '/webhooks/shop/b%3Ac');
    await tell({ id: '3', status: 'sent', message: 'b:c:m' });
    expect(seen).toEqual(['read', 'sent', 'sent']);
  });

  it('is not stale to itself when its handler failed and the vendor sends it again', async () => {
    const { seen, tell, failNext } = tracker();
    failNext();
    expect(await tell({ id: '1', status: 'delivered' })).toBe(500);
    expect(await tell({ id: '1', status: 'delivered' })).toBe(200);
    expect(seen).toEqual(['delivered', 'delivered']);
  });

  it('is stale when a later one came while its handler failed', async () => {
    const { seen, tell, failNext } = tracker();
    failNext();
    await tell({ id: '1', status: 'delivered' });
    await tell({ id: '2', status: 'read' });
    await tell({ id: '1', status: 'delivered' });
    expect(seen).toEqual(['delivered', 'read', 'delivered (stale)']);
  });

  it('is found out by keys of bounded length', async () => {
    const keys: string[] = [];
    const memory = memoryDedup();
    const advance: typeof memory.advance = (key, rank, options) => {
      keys.push(key);
      return memory.advance?.(key, rank, options) ?? true;
    };
    const { seen, tell } = tracker({ dedup: { ...memory, advance } });
    const message = 'm'.repeat(10_000);
    await tell({ id: '1', status: 'read', message });
    await tell({ id: '2', status: 'sent', message });
    await tell({ id: '3', status: 'sent', message: `${message}2` });
    expect(seen).toEqual(['read', 'sent (stale)', 'sent']);
    for (const key of keys) expect(key.length).toBeLessThan(300);
  });
});

describe('the status of one of several recipients', () => {
  const group = () => {
    const seen: string[] = [];
    let keys = 0;
    const receiver = createReceiver({
      providers: [
        shop({
          normalize: (payload) => [
            {
              type: 'message.status',
              key: `k${keys++}`,
              data: payload as ChatEvent<'message.status'>['data'],
              providerEvent: 'note',
              raw: payload,
            },
          ],
        }),
      ],
      logger: false,
      onMessageStatus: ({ data }) => void seen.push(data.stale ? `${data.status} (stale)` : data.status),
    });
    const tell = async (status: MessageStatus, recipient: Person | undefined, partial = true) => {
      const reply = await send(receiver, signed(JSON.stringify({ messageId: 'm1', status, recipient, partial })));
      expect(reply.status).toBe(200);
    };
    return { seen, tell };
  };

  it('is compared with those of the same recipient only', async () => {
    const { seen, tell } = group();
    await tell('read', { channelUserId: 'u1' });
    await tell('delivered', { channelUserId: 'u2' });
    await tell('delivered', { channelUserId: 'u1' });
    await tell('sent', { channelUserId: 'u2' });
    expect(seen).toEqual(['read', 'delivered', 'delivered (stale)', 'sent (stale)']);
  });

  it('says nothing of the message as a whole, nor the other way round', async () => {
    const { seen, tell } = group();
    await tell('read', { channelUserId: 'u1' });
    await tell('sent', { channelUserId: 'u1' }, false);
    await tell('read', undefined, false);
    await tell('delivered', { channelUserId: 'u2' });
    expect(seen).toEqual(['read', 'sent', 'read', 'delivered']);
  });

  it('knows the recipient by the id of the channel, the number or the id of the vendor, in this order', async () => {
    const { seen, tell } = group();
    await tell('read', { channelUserId: 'u1', phone: '+31600000001' });
    await tell('delivered', { channelUserId: 'u1' });
    await tell('read', { phone: '+31600000002', id: 'p2' });
    await tell('delivered', { phone: '+31600000002' });
    await tell('read', { id: 'p3', name: 'Mirte' });
    await tell('delivered', { id: 'p3' });
    await tell('delivered', { id: 'p4' });
    expect(seen).toEqual([
      'read',
      'delivered (stale)',
      'read',
      'delivered (stale)',
      'read',
      'delivered (stale)',
      'delivered',
    ]);
  });

  it('is compared with all others of whom nothing is known', async () => {
    const { seen, tell } = group();
    await tell('read', undefined);
    await tell('delivered', undefined);
    expect(seen).toEqual(['read', 'delivered (stale)']);
  });
});
