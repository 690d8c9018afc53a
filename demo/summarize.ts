import type { Chat, ChatEvent, Contact, EventData, Message } from '@chathooks/express';

/** What an event says, in a few words. */
export function summarize(event: ChatEvent): string {
  switch (event.type) {
    case 'message.inbound':
      return `${personOf(event.data)}: ${contentOf(event.data.message)}`;
    case 'message.outbound':
      return `to ${personOf(event.data)}: ${contentOf(event.data.message)}`;
    case 'message.updated':
      return `now reads: ${contentOf(event.data.message)}`;
    case 'message.deleted':
      return `message ${event.data.message.id}`;
    case 'message.status':
      return statusOf(event.data);
    case 'message.reaction':
      return event.data.emoji ?? 'reaction taken back';
    case 'chat.created':
    case 'chat.updated':
      return chatOf(event.data.chat);
    case 'chat.deleted':
      return `chat ${event.data.chat.id}`;
    case 'chat.watermark':
      return `all ${event.data.status} before ${event.data.before}`;
    case 'contact.created':
    case 'contact.updated':
    case 'contact.deleted':
      return contactOf(event.data.contact);
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
    case 'ping':
      return 'the vendor tests the connection';
    case 'unknown':
      return event.data.reason === 'unknown_event' ? 'kept whole in event.raw' : 'known, but of another shape';
    default:
      return '';
  }
}

function personOf({ message, contact }: { message: Message; contact?: Contact | undefined }): string {
  const person = message.direction === 'inbound' ? message.from : message.to;
  return contact?.name ?? person?.name ?? 'customer';
}

const contentOf = ({ text, kind }: Message) => text ?? `(${kind})`;

function statusOf({ messageId, status, stale, error }: EventData['message.status']): string {
  const message = `${messageId} ${status}`;
  if (stale) return `${message}, but too late`;
  return error?.message ? `${message}: ${error.message}` : message;
}

function chatOf({ id, title, channel, status, archivedAt }: Chat): string {
  return [channel, title ?? id, status ?? (archivedAt ? 'archived' : undefined)].filter(Boolean).join(' · ');
}

const contactOf = ({ id, name, email, company }: Contact) => [name ?? id, company, email].filter(Boolean).join(' · ');
