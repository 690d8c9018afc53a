import { xobito } from '@chathooks/core';
import { describe, expect, it } from 'vitest';
import { normalized } from './normalized.ts';

const provider = xobito({ secret: 'secret' });

describe('a record of Xobito', () => {
  const attributes = {
    tenant_id: 42,
    firstname: 'Ines',
    lastname: null,
    company: null,
    type: 'lead',
    description: 'met at the fair',
    country_id: 177,
    zip: null,
    city: 'Lisboa',
    phone: '+351 910 000 001',
    email: null,
    status_id: null,
    source_id: 5,
    assigned_id: 7,
  };
  const record = (
    model: string,
    event: string,
    fields: object = attributes,
    timestamp = '2026-06-10T08:00:00+00:00',
  ) => ({
    event,
    model,
    data: { id: 9001, attributes: fields, relations: [] },
    original: null,
    timestamp,
  });

  it("keeps null where the vendor says none, and further fields under the vendor's names", () => {
    expect(normalized(provider, record('App\\Models\\Tenant\\Contact', 'created'))).toMatchObject([
      {
        type: 'contact.created',
        account: '42',
        data: {
          contact: {
            id: '9001',
            phone: '+351910000001',
            name: 'Ines',
            firstName: 'Ines',
            lastName: null,
            company: null,
            email: null,
            kind: 'lead',
            statusId: null,
            sourceId: '5',
            fields: { description: 'met at the fair', country_id: 177, zip: null, city: 'Lisboa' },
          },
        },
      },
    ]);
  });

  it.each(['App\\Models\\Tenant\\Contact', 'Acme\\Contact', 'Contact'])(
    'is named by the end of its model: %s',
    (model) => {
      expect(normalized(provider, record(model, 'deleted'))).toMatchObject([
        { type: 'contact.deleted', providerEvent: 'Contact.deleted' },
      ]);
    },
  );

  it('gives two updates in one second different ids, also when only a field that nobody reads tells them apart', () => {
    const [first, second, again] = [7, 8, 7].map(
      (assigned_id) => normalized(provider, record('Contact', 'updated', { ...attributes, assigned_id }))[0]?.key,
    );
    expect(second).not.toBe(first);
    expect(again).toBe(first);
  });

  it('gives the same update at another time another id', () => {
    const later = record('Contact', 'updated', attributes, '2026-06-10T08:00:01+00:00');
    expect(normalized(provider, later)[0]?.key).not.toBe(normalized(provider, record('Contact', 'updated'))[0]?.key);
  });

  it.each([
    ['Status', 'contactStatus'],
    ['Source', 'contactSource'],
  ])('of %s has a label, even if its attributes are not those that we guess', (model, kind) => {
    for (const action of ['created', 'updated', 'deleted']) {
      expect(normalized(provider, record(model, action, { name: 'Loyal', color: '#0a5' }))).toMatchObject([
        { type: `${kind}.${action}`, data: { label: { id: '9001', name: 'Loyal', color: '#0a5' } } },
      ]);
      expect(normalized(provider, record(model, action, { name: { en: 'Loyal' }, color: 7 }))).toMatchObject([
        { type: `${kind}.${action}`, data: { label: { id: '9001' } } },
      ]);
    }
  });
});

describe('a message of Xobito', () => {
  const message = (event: string, data: object) => ({
    event,
    model: 'WhatsAppMessage',
    data: { message_id: 'wamid.1', tenant_id: 42, ...data },
    timestamp: '2026-06-10T08:20:00+00:00',
  });
  const received = (data: object) => normalized(provider, message('message.received', data))[0]?.data;

  it('that was sent is a status only when its text is not told', () => {
    for (const data of [{}, { text: null }, { type: 'image' }]) {
      expect(normalized(provider, message('message.sent', data)).map(({ type }) => type)).toEqual(['message.status']);
    }
  });

  it.each(['sent', 'delivered', 'read', 'failed'])('has an id per status: %s', (status) => {
    expect(normalized(provider, message(`message.${status}`, { status, error_message: null }))).toEqual([
      {
        type: 'message.status',
        key: `message.${status}:wamid.1`,
        providerEvent: `message.${status}`,
        account: '42',
        occurredAt: '2026-06-10T08:20:00.000Z',
        ordering: 'wamid.1',
        data: { messageId: 'wamid.1', channelMessageId: 'wamid.1', status },
      },
    ]);
  });

  it('that was received has media, an answered message and a sender', () => {
    const data = {
      from: '351910000001',
      type: 'IMAGE',
      text: null,
      media: 'https://files.example/1.jpg',
      media_filename: '1.jpg',
      reply_to_message_id: 'wamid.0',
    };
    expect(received(data)).toEqual({
      message: {
        id: 'wamid.1',
        channelMessageId: 'wamid.1',
        direction: 'inbound',
        kind: 'image',
        text: null,
        media: [{ url: 'https://files.example/1.jpg', filename: '1.jpg' }],
        replyTo: { messageId: 'wamid.0' },
        from: { phone: '+351910000001' },
      },
    });
  });

  it('that was received without a type is a text if it has one and nothing else', () => {
    expect(received({ text: 'Hi' })).toMatchObject({ message: { kind: 'text' } });
    expect(received({ text: 'Look', media: 'https://files.example/1.jpg' })).toMatchObject({
      message: { kind: 'unknown' },
    });
    expect(received({})).toMatchObject({ message: { kind: 'unknown' } });
  });

  it('that is a location or contacts is read from the JSON in its text', () => {
    const place = { latitude: 38.7, longitude: -9.1, name: 'Praça', address: null, extra: 1 };
    const { message } = received({ type: 'location', text: JSON.stringify(place) }) as { message: object };
    expect(message).toMatchObject({ location: { latitude: 38.7, longitude: -9.1, name: 'Praça' } });
    expect(message).not.toHaveProperty('text');
    const card = { name: { formatted_name: 'Rui' }, phones: [{ phone: '+351910000002' }] };
    for (const cards of [card, [card]]) {
      expect(received({ type: 'contacts', text: JSON.stringify(cards) })).toMatchObject({
        message: { contacts: [card] },
      });
    }
  });

  it.each([
    ['location', 'Praça do Comércio'],
    ['location', '{"latitude":"38.7"}'],
    ['location', '['.repeat(5000)],
    ['contacts', '"Rui"'],
    ['contacts', '{"name":'],
    ['contacts', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['text', '{"latitude":1,"longitude":2}'],
  ])('of type %s keeps a text that is not what it should be, or too deep', (type, text) => {
    const { message } = received({ type, text }) as { message: object };
    expect(message).toMatchObject({ kind: type, text });
    expect(message).not.toHaveProperty('location');
    expect(message).not.toHaveProperty('contacts');
  });

  it('is read under the names that the app was told', () => {
    const named = xobito({
      secret: 'secret',
      receivedFields: { messageId: 'wa_id', type: 'kind', text: 'body', from: 'phone', buttonId: 'payload' },
    });
    const data = { wa_id: 'wamid.2', kind: 'button', body: 'Yes', phone: 351910000001, payload: 'confirm' };
    const payload = { event: 'message.received', model: 'WhatsAppMessage', data };
    expect(normalized(named, payload)[0]?.data).toEqual({
      message: {
        id: 'wamid.2',
        channelMessageId: 'wamid.2',
        direction: 'inbound',
        kind: 'button',
        text: 'Yes',
        interactive: { id: 'confirm', title: 'Yes' },
        from: { phone: '+351910000001' },
      },
    });
    expect(normalized(provider, payload)).toMatchObject([
      { type: 'unknown', data: { reason: 'invalid_payload', issues: [{ path: 'data.messageId' }] } },
    ]);
  });

  it('survives guessed fields of any shape', () => {
    expect(received({ type: 7, text: { body: 'Hi' }, from: ['+351910000001'], button_id: {} })).toMatchObject({
      message: { id: 'wamid.1', kind: 'unknown' },
    });
  });
});
