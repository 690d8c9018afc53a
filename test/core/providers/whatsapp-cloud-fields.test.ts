import type { JsonObject } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import {
  change,
  chat,
  delivered,
  eventsOf,
  groupChat,
  metadata,
  olena,
  us,
  written,
} from './whatsapp-cloud-envelope.ts';

const time = '2026-06-10T08:15:30.000Z';
/** What matters of events whose keys are hashes. */
const withoutKeys = (events: ReturnType<typeof eventsOf>) => events.map(({ key, ...event }) => event);

describe('The history of a number in WhatsApp', () => {
  const history = (item: JsonObject) => delivered({ history: [item] }, 'history');
  const past = { timestamp: '1781079330', type: 'text', text: { body: 'then' } };
  const theirs = { ...past, from: '380670000001', id: 'wamid.1' };
  const ours = { ...past, from: '15550100001', id: 'wamid.2' };
  const person = { id: '380670000001', channelUserId: '380670000001', phone: '+380670000001' };

  it('is messages of both sides, told apart by who they are from, and how far it got', () => {
    const progress = { phase: 1, chunk_order: 2, progress: 55 };
    const events = eventsOf(
      history({ metadata: progress, threads: [{ id: '380670000001', messages: [theirs, ours] }] }),
    );
    expect(events).toMatchObject([
      {
        type: 'message.inbound',
        key: 'wamid.1',
        mode: 'history',
        providerEvent: 'history.text',
        occurredAt: time,
        data: { message: { direction: 'inbound', from: person, to: us, text: 'then' } },
        raw: theirs,
      },
      {
        type: 'message.outbound',
        key: 'echo:wamid.2',
        mode: 'history',
        ordering: 'number-1:380670000001',
        data: { message: { direction: 'outbound', from: us, to: person }, chat: { channelChatId: '380670000001' } },
        raw: ours,
      },
      { type: 'account.updated', mode: 'history', data: { change: 'history', payload: progress }, raw: progress },
    ]);
  });

  it('has the keys of live messages, so that what was handled is not handled again', () => {
    const reaction = { ...theirs, type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } };
    const echo = { ...ours, to: '380670000001' };
    const keysOf = (payload: JsonObject) => eventsOf(payload).map(({ key }) => key);
    const thread = { id: '380670000001', messages: [theirs, reaction, echo] };
    expect(keysOf(history({ threads: [thread] }))).toEqual([
      ...keysOf(delivered({ messages: [theirs, reaction] })),
      ...keysOf(delivered({ message_echoes: [echo] }, 'smb_message_echoes')),
    ]);
  });

  it('tells how far our messages got, under the key of the live status', () => {
    const read = { ...ours, history_context: { status: 'READ' } };
    const events = eventsOf(
      history({
        threads: [
          { id: '380670000001', messages: [read, { ...ours, history_context: { status: 'PENDING' } }] },
          { id: '31600000001', messages: [{ ...theirs, history_context: { status: 'READ' } }] },
        ],
      }),
    );
    expect(events.map(({ type, key }) => [type, key])).toEqual([
      ['message.outbound', 'echo:wamid.2'],
      ['message.status', 'status:wamid.2:read'],
      ['message.outbound', 'echo:wamid.2'],
      ['message.inbound', 'wamid.1'],
    ]);
    expect(events[1]).toMatchObject({
      mode: 'history',
      data: { messageId: 'wamid.2', status: 'read', recipient: person },
    });
    expect(events[1]).toHaveProperty('occurredAt', undefined);
  });

  it('does not let a placeholder hide the message with the media, which follows under the same id', () => {
    const placeholder = { ...theirs, type: 'media_placeholder' };
    const image = { ...theirs, type: 'image', image: { id: 'media-1' } };
    const [first] = eventsOf(history({ threads: [{ id: '380670000001', messages: [placeholder] }] }));
    const [second] = eventsOf(delivered({ messages: [image] }, 'history'));
    expect(first).toMatchObject({ key: 'placeholder:wamid.1', data: { message: { kind: 'media_placeholder' } } });
    expect(second).toMatchObject({
      key: 'wamid.1',
      mode: 'history',
      data: { message: { media: [{ id: 'media-1' }] } },
    });
  });

  it('says who wrote also where our number is formatted, or not told', () => {
    const thread = { id: '380670000001', messages: [theirs, ours] };
    for (const about of [
      { ...metadata, display_phone_number: '+1 555-010-0001' },
      { phone_number_id: 'number-1' },
      {},
    ]) {
      const value = { metadata: about, history: [{ threads: [thread] }] };
      expect(eventsOf(change('history', value)).map(({ type }) => type)).toEqual([
        'message.inbound',
        'message.outbound',
      ]);
    }
  });

  it('names the person by the thread where the message does not', () => {
    const message = { id: 'wamid.1', type: 'text' };
    const [byPhone] = eventsOf(history({ threads: [{ id: '380670000001', messages: [message] }] }));
    const [byUserId] = eventsOf(history({ threads: [{ id: 'UA.1', messages: [message] }] }));
    expect(byPhone).toMatchObject({ data: { message: { from: person } } });
    expect(byUserId).toMatchObject({ data: { message: { from: { id: 'UA.1', channelUserId: 'UA.1' } } } });
  });

  it('is an error when the business refused to share it', () => {
    const error = { code: 2593109, title: 'History sync is turned off' };
    expect(withoutKeys(eventsOf(history({ errors: [error] })))).toMatchObject([
      {
        type: 'account.updated',
        providerEvent: 'history.errors',
        data: { change: 'errors', payload: error },
        raw: error,
      },
    ]);
  });

  it('is unknown as far as it cannot be read, and no further', () => {
    const thread = { id: '380670000001', messages: 'none' };
    const events = eventsOf(
      history({ threads: [thread, { id: '380670000001', messages: [{ type: 'text' }, theirs] }] }),
    );
    expect(events.map(({ type, raw }) => ({ type, raw }))).toEqual([
      { type: 'unknown', raw: thread },
      { type: 'unknown', raw: { type: 'text' } },
      { type: 'message.inbound', raw: theirs },
    ]);
    for (const item of [{}, { threads: [] }]) {
      expect(eventsOf(history(item))).toMatchObject([
        { type: 'unknown', data: { reason: 'invalid_payload' }, raw: item },
      ]);
    }
  });
});

describe('A change of identity in WhatsApp', () => {
  const system = (content: JsonObject, message: JsonObject = {}) =>
    eventsOf(delivered({ messages: [written({ type: 'system', system: content, ...message })] }));

  it('is told when a person has a new number, and with it a new user id', () => {
    const content = { type: 'user_changed_number', body: 'Olena changed', wa_id: '380670000009', user_id: 'UA.9' };
    expect(system(content)).toMatchObject([
      {
        type: 'message.inbound',
        key: 'wamid.1',
        data: { message: { kind: 'system', text: 'Olena changed', from: olena } },
      },
      {
        type: 'contact.identityChanged',
        key: 'identity:account-1:UA.1:UA.9',
        providerEvent: 'messages.system',
        occurredAt: time,
        ordering: 'UA.1',
        data: { previous: olena, current: { id: 'UA.9', channelUserId: 'UA.9', phone: '+380670000009' } },
      },
    ]);
  });

  it('is told by number where there are no user ids, also in the older spelling', () => {
    for (const content of [
      { type: 'user_changed_number', wa_id: '380670000009' },
      { type: 'customer_changed_number', new_wa_id: 380670000009 },
    ]) {
      const [, event] = eventsOf(
        delivered({ messages: [{ from: '380670000001', id: 'wamid.1', type: 'system', system: content }] }),
      );
      expect(event).toMatchObject({
        key: 'identity:account-1:380670000001:380670000009',
        data: { previous: { phone: '+380670000001' }, current: { phone: '+380670000009' } },
      });
    }
  });

  it('is told when only the user id changed', () => {
    const content = { type: 'user_changed_user_id', previous_user_id: 'UA.1', user_id: 'UA.9' };
    const [, event] = system(content, { from_user_id: 'UA.9', from: null });
    expect(event?.data).toEqual({
      previous: { id: 'UA.1', channelUserId: 'UA.1' },
      current: { id: 'UA.9', channelUserId: 'UA.9' },
    });
  });

  it('is handled once, though it is announced twice', () => {
    const content = { type: 'user_changed_number', wa_id: '380670000009', user_id: 'UA.9' };
    const [, bySystem] = system(content);
    const item = { wa_id: '380670000009', user_id: { previous: 'UA.1', current: 'UA.9' }, timestamp: '1781079330' };
    const [byUpdate] = eventsOf(delivered({ user_id_update: [item] }, 'user_id_update'));
    expect(byUpdate).toMatchObject({
      type: 'contact.identityChanged',
      key: bySystem?.key,
      occurredAt: time,
      data: { previous: { id: 'UA.1' }, current: { id: 'UA.9', phone: '+380670000009' } },
      raw: item,
    });
  });

  it('is not told when nothing changed, or nothing says what', () => {
    for (const content of [
      { type: 'customer_identity_changed', wa_id: '380670000001', user_id: 'UA.1' },
      { type: 'customer_identity_changed', wa_id: '380670000001' },
      { type: 'user_changed_number' },
      {},
    ]) {
      expect(system(content).map(({ type }) => type)).toEqual(['message.inbound']);
    }
  });
});

describe('News of a person in WhatsApp', () => {
  it('is contact.updated when marketing is refused or wanted again', () => {
    for (const [value, wanted] of [
      ['stop', false],
      ['resume', true],
    ] as const) {
      const item = { wa_id: '380670000001', category: 'marketing_messages', value, timestamp: 1781079330 };
      const contacts = [{ wa_id: '380670000001', user_id: 'UA.1' }];
      expect(
        withoutKeys(eventsOf(delivered({ contacts, user_preferences: [item] }, 'user_preferences'))),
      ).toMatchObject([
        {
          type: 'contact.updated',
          providerEvent: `user_preferences.${value}`,
          occurredAt: time,
          ordering: 'UA.1',
          data: { contact: { ...olena, preferences: { marketing_messages: wanted } } },
          raw: item,
        },
      ]);
    }
  });

  it('is contact.created and contact.deleted for the address book of the phone app', () => {
    const contact = { full_name: 'Olena K', first_name: 'Olena', phone_number: '+380 67 000 0001' };
    const sync = (action: string) => ({ type: 'contact', action, contact, metadata: { timestamp: '1781079330' } });
    const items = [sync('add'), sync('remove')];
    const person = { id: '380670000001', channelUserId: '380670000001', phone: '+380670000001' };
    const expected = { ...person, name: 'Olena K', firstName: 'Olena' };
    expect(withoutKeys(eventsOf(delivered({ state_sync: items }, 'smb_app_state_sync')))).toMatchObject([
      { type: 'contact.created', occurredAt: time, ordering: '380670000001', data: { contact: expected } },
      { type: 'contact.deleted', data: { contact: expected, deletedAt: time } },
    ]);
  });

  it('is unknown when it does not say of whom, or what', () => {
    const preference = { wa_id: '380670000001', category: 'marketing_messages', value: 'stop' };
    const items = [
      { ...preference, wa_id: '' },
      { ...preference, value: 'maybe' },
      { ...preference, category: '__proto__' },
    ];
    for (const item of items) {
      expect(eventsOf(delivered({ user_preferences: [item] }, 'user_preferences'))).toMatchObject([
        { type: 'unknown', data: { reason: 'invalid_payload' }, raw: item },
      ]);
    }
    const nobody = { type: 'contact', action: 'add', contact: { full_name: 'Nobody' } };
    expect(eventsOf(delivered({ state_sync: [nobody] }, 'smb_app_state_sync'))).toMatchObject([
      { type: 'unknown', data: { issues: [{ path: 'contact.phone_number' }] }, raw: nobody },
    ]);
  });
});

describe('A group in WhatsApp', () => {
  const group = (field: string, item: JsonObject) => {
    const full = { timestamp: '1781079330', group_id: 'group-1', ...item };
    const [event, ...others] = eventsOf(delivered({ groups: [full] }, field));
    expect(others).toEqual([]);
    expect(event?.raw).toBe(full);
    return event;
  };

  it('is created, changed and deleted', () => {
    expect(group('group_lifecycle_update', { type: 'group_create', subject: 'Club' })).toMatchObject({
      type: 'chat.created',
      providerEvent: 'group_lifecycle_update.group_create',
      occurredAt: time,
      ordering: groupChat.id,
      data: { chat: { ...groupChat, title: 'Club', createdAt: time } },
    });
    expect(group('group_lifecycle_update', { type: 'group_delete' })).toMatchObject({
      type: 'chat.deleted',
      data: { chat: groupChat, deletedAt: time },
    });
    expect(group('group_participants_update', { type: 'group_participants_add' })).toMatchObject({
      type: 'chat.updated',
      data: { chat: groupChat },
    });
    expect(group('group_status_update', { type: 'group_suspend' })).toMatchObject({
      type: 'chat.updated',
      data: { chat: { ...groupChat, status: 'group_suspend' } },
    });
  });

  it('has a new title only where the change succeeded', () => {
    const renamed = (update_successful: boolean) =>
      group('group_settings_update', {
        type: 'group_settings_update',
        group_subject: { text: 'Club', update_successful },
      });
    expect(renamed(true)?.data).toEqual({ chat: { ...groupChat, title: 'Club' } });
    expect(renamed(false)?.data).toEqual({ chat: groupChat });
  });

  it('is not changed by an attempt that failed, unless for a part of the people', () => {
    const errors = [{ code: 131000, title: 'No' }];
    const failed = { type: 'group_create', errors };
    expect(group('group_lifecycle_update', failed)).toMatchObject({
      type: 'account.updated',
      data: { change: 'group_create', payload: { ...failed, group_id: 'group-1' } },
    });
    const partly = { type: 'group_participants_remove', removed_participants: [{ wa_id: '1' }], errors };
    expect(group('group_participants_update', partly)).toMatchObject({ type: 'chat.updated' });
  });

  it('has events with keys of their own', () => {
    const add = { type: 'group_participants_add', added_participants: [{ wa_id: '1' }] };
    const other = { ...add, added_participants: [{ wa_id: '2' }] };
    const keys = [add, other, add].map((item) => group('group_participants_update', item)?.key);
    expect(keys[0]).not.toBe(keys[1]);
    expect(keys[2]).toBe(keys[0]);
  });
});

describe('News of an account in WhatsApp', () => {
  it('is template.updated in the vendor’s words, in the order of the template', () => {
    const value = { event: 'APPROVED', message_template_id: 900000000000001 };
    const payload = change('message_template_status_update', value, { time: 1781079330 });
    expect(withoutKeys(eventsOf(payload))).toEqual([
      {
        type: 'template.updated',
        account: 'account-1',
        occurredAt: time,
        ordering: 'template:900000000000001',
        mode: undefined,
        providerEvent: 'message_template_status_update',
        data: { change: 'message_template_status_update', payload: value },
        raw: { field: 'message_template_status_update', value },
      },
    ]);
  });

  it('is account.updated of the WhatsApp account, also where the entry names a business', () => {
    const value = { event: 'PARTNER_ADDED', waba_info: { waba_id: 'account-9' } };
    expect(eventsOf(change('account_update', value, { id: 'business-1' }))).toMatchObject([
      { type: 'account.updated', account: 'account-9', data: { change: 'account_update', payload: value } },
    ]);
  });

  it('is another event at another time, and the same when it comes again', () => {
    const keyAt = (seconds: number) =>
      eventsOf(change('security', { event: 'PIN_CHANGED' }, { time: seconds }))[0]?.key;
    expect(keyAt(1)).toBe(keyAt(1));
    expect(keyAt(1)).not.toBe(keyAt(2));
  });

  it('is an error that has no message to hang on', () => {
    const error = { code: 130429, title: 'Rate limit hit' };
    expect(withoutKeys(eventsOf(delivered({ errors: [error] })))).toMatchObject([
      {
        type: 'account.updated',
        providerEvent: 'messages.errors',
        data: { change: 'errors', payload: error },
        raw: error,
      },
    ]);
    const keyBeside = (id: string) =>
      eventsOf(delivered({ messages: [written({ id, type: 'interactive' })], errors: [error] }))[1]?.key;
    expect(keyBeside('wamid.1')).toBe(keyBeside('wamid.1'));
    expect(keyBeside('wamid.1')).not.toBe(keyBeside('wamid.2'));
  });

  it('is unknown, without a warning, where the model has nothing for it', () => {
    const calls = [{ id: 'wacid.1', event: 'connect' }];
    expect(eventsOf(delivered({ calls }, 'calls'))).toMatchObject([
      { type: 'unknown', key: 'call:wacid.1:connect', data: { reason: 'not_modelled' }, raw: calls[0] },
    ]);
    expect(eventsOf(change('consumer_profile', { any: 1 }))).toMatchObject([
      { type: 'unknown', data: { reason: 'not_modelled' }, raw: { field: 'consumer_profile', value: { any: 1 } } },
    ]);
  });
});

describe('A copy for an observer in WhatsApp', () => {
  it('is marked, and does not hide the original', () => {
    const item = written({ type: 'text', text: { body: 'hi' } });
    const items = { messages: [item], statuses: [{ id: 'wamid.s', status: 'read', recipient_id: '380670000001' }] };
    expect(eventsOf(delivered(items, 'standby'))).toMatchObject([
      { type: 'message.inbound', key: 'standby:wamid.1', mode: 'standby', data: { chat }, raw: item },
      { type: 'message.status', key: 'standby:status:wamid.s:read', mode: 'standby' },
    ]);
  });
});
