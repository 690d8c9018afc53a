import type { Chat, ChatEvent, Contact, EventData, Message, Person } from '@chathooks/express';

/** What an event says, in a few words. */
export function summarize(event: ChatEvent): string {
  switch (event.type) {
    case 'message.inbound':
      return `${senderOf(event.data)}: ${contentOf(event.data.message)}`;
    case 'message.outbound':
      return `to ${nameOf(event.data.contact ?? event.data.message.to) ?? 'customer'}: ${contentOf(event.data.message)}`;
    case 'message.updated':
      return `now reads: ${contentOf(event.data.message)}`;
    case 'message.deleted':
      return `message ${event.data.message.id}`;
    case 'message.status':
      return statusOf(event.data);
    case 'message.reaction':
      return reactionOf(event.data);
    case 'chat.created':
    case 'chat.updated':
      return chatOf(event.data.chat);
    case 'chat.deleted':
      return `chat ${event.data.chat.id}`;
    case 'chat.watermark':
      return `all ${event.data.status} up to ${event.data.before}`;
    case 'contact.created':
    case 'contact.updated':
    case 'contact.deleted':
      return contactOf(event.data.contact);
    case 'contact.identityChanged':
      return `${nameOf(event.data.previous) ?? 'somebody'} is now ${nameOf(event.data.current) ?? 'somebody else'}`;
    case 'contactStatus.created':
    case 'contactStatus.updated':
    case 'contactStatus.deleted':
    case 'contactSource.created':
    case 'contactSource.updated':
    case 'contactSource.deleted':
      return `label ${event.data.label.name ?? event.data.label.id}`;
    case 'campaign.completed':
      return `${event.data.campaign.name ?? event.data.campaign.id}: ${event.data.campaign.totals.delivered ?? 0} delivered`;
    case 'transfer.created':
      return `to another agent: ${event.data.transfer.notes ?? 'no notes'}`;
    case 'flow.event':
      return `${event.data.name}: ${JSON.stringify(event.data.payload)}`;
    case 'account.updated':
    case 'template.updated':
      return changeOf(event.data);
    case 'ping':
      return 'the vendor tests the connection';
    case 'unknown':
      return reasons[event.data.reason];
  }
}

const reasons: Readonly<Record<EventData['unknown']['reason'], string>> = {
  unknown_event: 'kept whole in event.raw',
  not_modelled: 'no counterpart in the model: see event.raw',
  invalid_payload: 'known, but of another shape',
  normalize_failed: 'its provider failed on it: see event.raw',
};

const shortOf = (id: string) => (id.length > 20 ? `${id.slice(0, 12)}…` : id);

/** Some platforms tell nothing of a person but a long id. */
function nameOf(person: Person | Contact | undefined): string | undefined {
  const id = person?.id ?? person?.channelUserId;
  return person?.name ?? person?.username ?? person?.phone ?? (id && shortOf(id));
}

const senderOf = ({ message, contact }: EventData['message.inbound']) =>
  contact?.name ?? nameOf(message.from) ?? 'customer';

/** What the message says, and what it brings: a caption and a picture. */
function contentOf(message: Message): string {
  return [message.text, detailOf(message)].filter(Boolean).join(' ') || `(${message.kind})`;
}

function detailOf({ kind, media = [], location, contacts, interactive, order, product, story }: Message): string {
  const [file, ...others] = media;
  if (file) {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `(${[file.kind ?? kind, file.filename].filter(Boolean).join(' ')}${more})`;
  }
  if (location) return `(at ${location.name ?? `${location.latitude}, ${location.longitude}`})`;
  if (contacts) return `(${contacts.length === 1 ? 'a contact card' : `${contacts.length} contact cards`})`;
  if (order) return `(order of ${order.items.length === 1 ? 'one product' : `${order.items.length} products`})`;
  if (product) return `(about product ${product.id})`;
  if (story) return '(about a story)';
  if (interactive) return `(${kind} ${interactive.id ?? interactive.title ?? ''})`.replace(' )', ')');
  return kind === 'text' ? '' : `(${kind})`;
}

function statusOf({ messageId, status, stale, error, partial, recipient }: EventData['message.status']): string {
  const who = partial && recipient ? ` for ${nameOf(recipient)}` : '';
  const message = `${messageId} ${status}${who}`;
  if (stale) return `${message}, but too late`;
  const reason = error?.message ?? error?.details ?? error?.code;
  return reason ? `${message}: ${reason}` : message;
}

function reactionOf({ messageId, emoji, removed, from }: EventData['message.reaction']): string {
  const what = emoji ?? (removed ? `${removed} taken back` : 'taken back');
  return `${nameOf(from) ?? 'customer'}: ${what} on ${messageId}`;
}

/** The vendor's word for the change, and the plain ones of what it says of it. */
function changeOf({ change, payload }: EventData['account.updated']): string {
  const values: readonly unknown[] = typeof payload === 'object' && payload !== null ? Object.values(payload) : [];
  const words = values.filter((value) => typeof value === 'string' && value !== change);
  return words.length > 0 ? `${change}: ${words.join(', ')}` : change;
}

function chatOf({ id, title, channel, status, archivedAt }: Chat): string {
  return [channel, title ?? shortOf(id), status ?? (archivedAt ? 'archived' : undefined)].filter(Boolean).join(' · ');
}

function contactOf(contact: Contact): string {
  const { email, company, subscribed, preferences = {} } = contact;
  const wishes = Object.entries(preferences).map(([category, wanted]) => `${wanted ? 'wants' : 'refuses'} ${category}`);
  const subscription = subscribed === undefined ? undefined : subscribed ? 'subscribed' : 'unsubscribed';
  return [nameOf(contact), company, email, subscription, ...wishes].filter(Boolean).join(' · ');
}
