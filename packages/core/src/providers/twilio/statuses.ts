import { type MessageStatus, statusRank } from '../../events/status.ts';
import { toIsoTime } from '../../events/time.ts';

const statuses: ReadonlyMap<string, MessageStatus> = new Map([
  ['accepted', 'queued'],
  ['scheduled', 'queued'],
  ['queued', 'queued'],
  ['sending', 'queued'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

/** Our word for one of Twilio's; `undefined` for a word that is not known. */
export const toStatus = (word: string): MessageStatus | undefined => statuses.get(word);

/** Tells the states of an inbound message. */
export const isInbound = (word: string | undefined): boolean => word === 'received' || word === 'receiving';

/** The state that a form tells of an outbound message, in lower case; `undefined` for a form that tells none. */
export function statusWord(form: Readonly<Record<string, unknown>>): string | undefined {
  const word = (name: string) => (typeof form[name] === 'string' ? form[name].toLowerCase() : '') || undefined;
  const sms = word('SmsStatus');
  const status = word('MessageStatus') ?? (isInbound(sms) ? undefined : sms);
  const event = word('EventType');
  // On channels with receipts, what happened after the delivery may be told by `EventType` alone.
  if (event !== 'read' && event !== 'delivered') return status;
  return status === undefined || rank(status) < statusRank(event) ? event : status;
}

/** A word that is not known is not to be hidden by another. */
function rank(word: string): number {
  const status = toStatus(word);
  return status === undefined ? Number.POSITIVE_INFINITY : statusRank(status);
}

/** The carrier's `YYMMDDhhmm` as ISO-8601. Its zone is not documented: taken for UTC. */
export function carrierTime(text: string | null | undefined): string | undefined {
  const [, ...digits] = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text ?? '') ?? [];
  const [year, month, day, hour, minute] = digits;
  return year === undefined ? undefined : toIsoTime(`20${year}-${month}-${day}T${hour}:${minute}:00Z`);
}
