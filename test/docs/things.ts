import type { ChatEvent, EventType } from '@chathooks/core';

/** Something that happens on platforms, whatever they call it. */
export interface Thing {
  /** For the reader: `a text`. */
  readonly what: string;
  readonly type: EventType;
  /** Which of the events of that type. @defaultValue all */
  readonly when?: (event: ChatEvent) => boolean;
  /** The fields that every platform fills each time it tells of this. */
  readonly baseline: readonly string[];
}

/** A field that a platform cannot fill. */
export interface Exception {
  readonly vendor: string;
  /** Fields, or all below one: `chat.`. */
  readonly fields: readonly string[];
  /** Only of this thing. @defaultValue all */
  readonly what?: string;
  /** As the reader is told. */
  readonly reason: string;
}

/** Fields of the envelope that a vendor may leave out. */
export const envelope: readonly string[] = ['account', 'occurredAt', 'orderingKey'];
const chat = ['chat.id', 'chat.kind', 'chat.channel', 'chat.channelChatId', 'chat.integrationId'];
const message = ['message.id', 'message.chatId', 'message.direction', 'message.kind'];
const newMessage = [...message, 'message.from.id', 'message.to.id', 'message.sentAt'];

/** What goes without saying in the guide's table, since it is said above it. */
export const shared: ReadonlySet<string> = new Set([...envelope, ...chat, ...newMessage, 'message.from.channelUserId']);

const inbound = (kind: string, what: string, ...fields: readonly string[]): Thing => ({
  what,
  type: 'message.inbound',
  when: ({ type, data }) => type === 'message.inbound' && data.message.kind === kind,
  baseline: [
    ...envelope,
    ...newMessage,
    'message.from.channelUserId',
    ...chat,
    ...fields.map((field) => `message.${field}`),
  ],
});

const status = (word: string, what: string, ...fields: readonly string[]): Thing => ({
  what,
  type: 'message.status',
  when: ({ type, data }) => type === 'message.status' && data.status === word,
  baseline: [...envelope, 'messageId', 'status', 'at', 'recipient.id', 'recipient.channelUserId', ...fields, ...chat],
});

const subscription = (subscribed: boolean, what: string): Thing => ({
  what,
  type: 'contact.updated',
  when: ({ type, data }) => type === 'contact.updated' && data.contact.subscribed === subscribed,
  baseline: [...envelope, 'contact.id', 'contact.channelUserId', 'contact.subscribed'],
});

/** In the order of the guide. */
export const things: readonly Thing[] = [
  inbound('text', 'A customer writes', 'text'),
  inbound('image', 'sends a picture', 'media'),
  inbound('audio', 'sends sound or a voice note', 'media'),
  inbound('video', 'sends a video', 'media'),
  inbound('document', 'sends a file', 'media'),
  inbound('sticker', 'sends a sticker'),
  inbound('location', 'shares a place', 'location'),
  inbound('contacts', 'shares contact cards', 'contacts'),
  inbound('button', 'taps a button', 'interactive.id'),
  inbound('interactive', 'picks from a list, or fills in a form', 'interactive'),
  inbound('order', 'orders', 'order'),
  inbound('comment', 'comments on a post', 'text'),
  inbound('unsupported', 'sends what the platform does not pass on'),
  {
    what: 'The business writes, elsewhere',
    type: 'message.outbound',
    baseline: [...envelope, ...newMessage, ...chat],
  },
  status('sent', 'A message is sent'),
  status('delivered', 'is delivered'),
  status('read', 'is read'),
  status('failed', 'fails', 'error'),
  {
    what: 'All messages up to a time are delivered or read',
    type: 'chat.watermark',
    baseline: [...envelope, 'status', 'before', ...chat],
  },
  {
    what: 'A message is edited',
    type: 'message.updated',
    baseline: [...envelope, ...message, 'message.text', 'message.editedAt', ...chat],
  },
  { what: 'is deleted', type: 'message.deleted', baseline: [...envelope, ...message, ...chat] },
  {
    what: 'gets a reaction, or loses it',
    type: 'message.reaction',
    baseline: [...envelope, 'messageId', 'emoji', 'from.id', 'from.channelUserId', ...chat],
  },
  { what: 'A conversation begins', type: 'chat.created', baseline: [...envelope, ...chat] },
  { what: 'changes: title, members, state', type: 'chat.updated', baseline: [...envelope, ...chat] },
  { what: 'ends', type: 'chat.deleted', baseline: [...envelope, ...chat] },
  {
    what: 'A person follows, subscribes, or is added',
    type: 'contact.created',
    baseline: [...envelope, 'contact.id', 'contact.channelUserId'],
  },
  subscription(false, 'blocks or unsubscribes'),
  subscription(true, 'comes back'),
  {
    what: 'has another number or id',
    type: 'contact.identityChanged',
    baseline: [...envelope, 'previous', 'current'],
  },
  { what: 'A template changes', type: 'template.updated', baseline: [...envelope, 'change', 'payload'] },
  { what: 'An account, number or page changes', type: 'account.updated', baseline: [...envelope, 'change', 'payload'] },
];

/** Vendors that pass on what platforms told them. They say what they say, and are not held to the baseline. */
export const intermediaries: ReadonlySet<string> = new Set([
  'aisoule',
  'chatwoot',
  'kapso',
  'standard-webhooks',
  'watsi',
  'wexio',
  'xobito',
]);

/** What the platforms do not say. Each is told to the reader, and has to be true. */
export const exceptions: readonly Exception[] = [
  {
    vendor: 'viber',
    fields: ['account', 'message.to.id', 'chat.integrationId'],
    reason: 'does not say which bot it is for; the `connection` of the URL can',
  },
  {
    vendor: 'twilio',
    fields: ['occurredAt', 'message.sentAt', 'at'],
    reason: 'sends no time, but that of an SMS that was delivered',
  },
  { vendor: 'twilio', fields: ['error'], what: 'fails', reason: 'names no error of a message that was canceled' },
  { vendor: 'telegram', fields: ['occurredAt', 'message.sentAt'], what: 'taps a button', reason: 'sends no time' },
  {
    vendor: 'telegram',
    fields: ['message.chatId', 'chat.'],
    what: 'taps a button',
    reason: 'does not say in which chat, if the button is below an inline message',
  },
  { vendor: 'telegram', fields: ['occurredAt'], what: 'is deleted', reason: 'sends no time' },
  {
    vendor: 'telegram',
    fields: ['message.to.id'],
    reason: 'does not say who is written to in a chat of a business account',
  },
  {
    vendor: 'whatsapp-cloud',
    fields: ['message.interactive'],
    what: 'picks from a list, or fills in a form',
    reason: 'passes on a choice that it could not read without its content, and says so in `message.error`',
  },
  {
    vendor: 'whatsapp-cloud',
    fields: ['occurredAt', 'at'],
    what: 'is read',
    reason: 'sends no time with the state of an old message, of `mode` `history`',
  },
  {
    vendor: 'whatsapp-cloud',
    fields: ['occurredAt'],
    what: 'An account, number or page changes',
    reason: 'sends no time with errors, and with the progress of a history',
  },
  {
    vendor: 'instagram',
    fields: ['message.sentAt'],
    what: 'comments on a post',
    reason: 'sends no time but that of the delivery, `occurredAt`',
  },
];

/** The exception that a field of a thing falls under. */
export const exceptionOf = (vendor: string, { what }: Thing, field: string): Exception | undefined =>
  exceptions.find(
    (exception) =>
      exception.vendor === vendor &&
      (exception.what === undefined || exception.what === what) &&
      exception.fields.some((name) => name === field || (name.endsWith('.') && field.startsWith(name))),
  );
