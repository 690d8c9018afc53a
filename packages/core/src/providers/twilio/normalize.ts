import { present } from '../../events/present.ts';
import { saysJson } from '../../signatures/form.ts';
import {
  type EventReader,
  isRecord,
  type NormalizedEvent,
  notModelled,
  type Provider,
  readItem,
  reads,
} from '../provider.ts';
import { toMessage } from './messages.ts';
import * as payloads from './payloads.ts';
import { toChat, toPerson } from './people.ts';
import { carrierTime, isInbound, statusWord, toStatus } from './statuses.ts';

/** Twilio's requests: a message, or the status of one. They are not named: what they are is told by what they hold. */
export const normalize: Provider['normalize'] = (payload, delivery) => {
  // Messages come as forms. What comes as JSON belongs to other products, whatever names it uses.
  const form = isRecord(payload) && !saysJson(delivery.header('content-type')) ? payload : {};
  const events = readItem(payload, delivery, kindOf(form, payload));
  // Without an id that we can read, only Twilio's token tells a repetition from the same said once more.
  const token = delivery.header('i-twilio-idempotency-token');
  return token
    ? events.map((event) => (event.type === 'unknown' ? { ...event, key: `${event.key}:${token}` } : event))
    : events;
};

function kindOf(form: Readonly<Record<string, unknown>>, payload: unknown) {
  const status = statusWord(form);
  // That statuses alone have `MessageStatus` is inferred: what has content is a message all the same.
  const isMessage = isInbound(status) && (form.Body !== undefined || form.NumMedia !== undefined);
  if (status !== undefined && !isMessage) return { providerEvent: `status.${status}`, ...statusOf(status) };
  if (form.MessageSid && form.From) return { providerEvent: 'incoming', reader: incoming };
  // What other products send, like Conversations.
  const { EventType, type } = isRecord(payload) ? payload : {};
  const providerEvent = [EventType, type].find((name) => typeof name === 'string') ?? '';
  return { providerEvent, reader: undefined };
}

/** What the keyword of an opt-out means. HELP changes nothing. */
const subscriptions = new Map([
  ['STOP', false],
  ['START', true],
]);

const incoming: EventReader = reads(payloads.incoming, (payload, _delivery, raw) => {
  const { MessageSid, AccountSid, From, To, OptOutType } = payload;
  const chat = To ? toChat(To, From) : undefined;
  const message = toMessage(payload, isRecord(raw) ? raw : {}, chat?.id);
  const account = AccountSid || undefined;
  const events: NormalizedEvent[] = [
    {
      type: 'message.inbound',
      key: MessageSid,
      account,
      ordering: chat?.id ?? From,
      data: present({ message, chat }),
    },
  ];
  const subscribed = subscriptions.get(OptOutType?.toUpperCase() ?? '');
  if (subscribed !== undefined) {
    const person = toPerson(From, payload);
    events.push({
      type: 'contact.updated',
      key: `optout:${MessageSid}`,
      account,
      ordering: person.id,
      data: { contact: { ...person, subscribed } },
    });
  }
  return events;
});

/** How to read the status that Twilio has this word for. */
function statusOf(word: string): { readonly reader: EventReader } {
  if (isInbound(word)) return { reader: notModelled };
  const status = toStatus(word);
  if (status === undefined) {
    const issues = [{ path: 'MessageStatus', message: 'Expected a status that is documented' }];
    return { reader: () => ({ reason: 'invalid_payload', issues }) };
  }
  return {
    reader: reads(payloads.statusCallback, (payload) => {
      const { MessageSid, AccountSid, From, To, RawDlrDoneDate } = payload;
      const chat = From && To ? toChat(From, To) : undefined;
      return [
        {
          type: 'message.status',
          key: `status:${MessageSid}:${word}`,
          account: AccountSid || undefined,
          // Before a Messaging Service has chosen a sender, nobody can tell the conversation.
          ordering: chat?.id ?? MessageSid,
          data: present({
            messageId: MessageSid,
            status,
            recipient: To ? toPerson(To, payload) : undefined,
            at: carrierTime(RawDlrDoneDate),
            error: status === 'failed' ? toError(payload) : undefined,
            chat,
          }),
        },
      ];
    }),
  };
}

function toError({ ErrorCode, ErrorMessage, ChannelStatusMessage }: payloads.StatusCallback) {
  const error = present({
    code: ErrorCode || undefined,
    message: ErrorMessage || undefined,
    details: ChannelStatusMessage || undefined,
  });
  return Object.keys(error).length > 0 ? error : undefined;
}
