import { z } from 'zod';
import { identifier, optionalIdentifier, optionalText, optionalTime } from '../../events/fields.ts';

/*
 * What is read of LINE's webhook events. Source: webhook.yml of github.com/line/line-openapi, the schema of
 * developers.line.biz/en/reference/messaging-api/#webhook-event-objects. What an event is not about may be missing.
 */

const optionalNumber = z.number().nullish();

/** Groups and rooms ("multi-person chats") differ in the name of their id only. */
const source = z
  .object({ userId: optionalIdentifier, groupId: optionalIdentifier, roomId: optionalIdentifier })
  .transform(({ userId, groupId, roomId }) => ({
    userId: userId || undefined,
    groupId: groupId || roomId || undefined,
  }));
const userSource = z.object({ userId: identifier });
const groupSource = source.transform(({ groupId }, context) => {
  if (groupId !== undefined) return { groupId };
  context.addIssue({ code: 'custom', message: 'Expected groupId or roomId' });
  return z.NEVER;
});

const time = { timestamp: optionalTime };
const event = z.object({ ...time, source: source.nullish() });

const content = z.object({
  id: identifier,
  type: z.string().min(1),
  text: optionalText,
  contentProvider: z.object({ originalContentUrl: optionalText }).nullish(),
  /** In milliseconds. */
  duration: optionalNumber,
  fileName: optionalText,
  fileSize: optionalNumber,
  imageSet: z.object({ id: optionalIdentifier }).nullish(),
  title: optionalText,
  address: optionalText,
  latitude: optionalNumber,
  longitude: optionalNumber,
  stickerId: optionalIdentifier,
  quotedMessageId: optionalIdentifier,
});

export const anyEvent = event;
export const message = event.extend({ message: content });
export const unsend = event.extend({ unsend: z.object({ messageId: identifier }) });
export const postback = event.extend({ postback: z.object({ data: z.string(), params: z.unknown().optional() }) });
export const unfollow = z.object({ ...time, source: userSource });
export const follow = unfollow.extend({ follow: z.object({ isUnblocked: z.boolean().nullish() }).nullish() });
export const accountLink = unfollow.extend({ link: z.object({ result: optionalText, nonce: optionalText }) });
export const groupEvent = z.object({ ...time, source: groupSource });
const members = z.object({ members: z.array(z.object({ userId: optionalIdentifier })) });
export const memberJoined = groupEvent.extend({ joined: members });
export const memberLeft = groupEvent.extend({ left: members });

export type Source = z.infer<typeof source>;
export type Event = z.infer<typeof event>;
export type Content = z.infer<typeof content>;
export type Members = z.infer<typeof members>['members'];
