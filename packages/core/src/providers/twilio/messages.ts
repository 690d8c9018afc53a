import type { Location, Media, Message, MessageKind, Referral } from '../../events/message.ts';
import { present } from '../../events/present.ts';
import type { Incoming } from './payloads.ts';
import { toPerson, toSender } from './people.ts';

/** The message of an incoming form. @param form - with its numbered media */
export function toMessage(payload: Incoming, form: Readonly<Record<string, unknown>>, chatId?: string): Message {
  const { MessageSid, From, To, Body, ButtonText, ButtonPayload, OriginalRepliedMessageSid } = payload;
  const media = toMedia(form);
  const location = toLocation(payload);
  const tapped = Boolean(ButtonText || ButtonPayload);
  return present({
    id: MessageSid,
    chatId,
    direction: 'inbound' as const,
    kind: tapped ? 'button' : toKind(payload, media, location),
    text: Body || ButtonText || undefined,
    media:
      media.length === 0 ? undefined : media.map(({ kind, ...rest }) => (media.length > 1 ? { kind, ...rest } : rest)),
    location,
    interactive: tapped ? present({ id: ButtonPayload || undefined, title: ButtonText || undefined }) : undefined,
    replyTo: OriginalRepliedMessageSid ? { messageId: OriginalRepliedMessageSid } : undefined,
    referral: toReferral(payload),
    forwarded: isTrue(payload.Forwarded) || isTrue(payload.FrequentlyForwarded) || undefined,
    from: toPerson(From, payload),
    to: To ? toSender(To) : undefined,
  });
}

const isTrue = (text: string | null | undefined) => text?.toLowerCase() === 'true';

/** WhatsApp names the kind; elsewhere it is told by what there is. */
function toKind({ MessageType }: Incoming, [first]: readonly Media[], location: Location | undefined): MessageKind {
  const told = MessageType?.toLowerCase();
  if (told && told !== 'text') return told;
  return first?.kind ?? (location ? 'location' : 'text');
}

function toMedia(form: Readonly<Record<string, unknown>>): Media[] {
  const numbers = Object.keys(form).flatMap((name) => /^Media(?:Url|ContentType)(\d{1,3})$/.exec(name)?.[1] ?? []);
  const text = (name: string) => {
    const value = form[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return [...new Set(numbers)]
    .sort((a, b) => Number(a) - Number(b))
    .map((number) => ({ url: text(`MediaUrl${number}`), mimeType: text(`MediaContentType${number}`)?.toLowerCase() }))
    .filter(({ url, mimeType }) => url !== undefined || mimeType !== undefined)
    .map(({ url, mimeType }) => present({ kind: kindOf(mimeType), url, mimeType }));
}

function kindOf(mimeType = ''): string {
  const [kind = ''] = mimeType.split('/', 1);
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document';
}

function toLocation({ Latitude, Longitude, Address, Label }: Incoming): Location | undefined {
  if (!Latitude || !Longitude) return undefined;
  const [latitude, longitude] = [Number(Latitude), Number(Longitude)];
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return undefined;
  return present({ latitude, longitude, name: Label || undefined, address: Address || undefined });
}

function toReferral(payload: Incoming): Referral | undefined {
  const referral = present({
    sourceId: payload.ReferralSourceId || undefined,
    sourceType: payload.ReferralSourceType || undefined,
    sourceUrl: payload.ReferralSourceUrl || undefined,
    clickId: payload.ReferralCtwaClid || undefined,
    headline: payload.ReferralHeadline || undefined,
    body: payload.ReferralBody || undefined,
  });
  return Object.keys(referral).length > 0 ? referral : undefined;
}
