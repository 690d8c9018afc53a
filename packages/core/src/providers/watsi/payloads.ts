import { z } from 'zod';
import { identifier, optionalIdentifier, optionalText, optionalTime } from '../../events/fields.ts';
import { messageStatuses } from '../../events/status.ts';

/*
 * What is read of Watsi's payloads. Source: docs.watsi.ai/webhooks and its page events, which give examples and no
 * tables: beyond the ids that an event is about, everything may be missing.
 */

const envelope = z.object({ id: identifier, created_at: optionalText, workspace_id: optionalIdentifier });
const event = <T extends z.ZodType>(data: T) => envelope.extend({ data });

/** The page of events shows `messageId` and `body` in `data`; the overview shows `message.id` and `message.body`. */
const received = z
  .object({
    messageId: optionalIdentifier,
    body: optionalText,
    message: z.object({ id: optionalIdentifier, body: optionalText }).nullish(),
    from: optionalIdentifier,
    conversationId: optionalIdentifier,
    channel: optionalText,
  })
  .transform(({ message, ...data }, context) => {
    const messageId = data.messageId || message?.id;
    if (messageId) return { ...data, messageId, body: data.body ?? message?.body };
    context.addIssue({ code: 'custom', path: ['messageId'], message: 'Expected messageId or message.id' });
    return z.NEVER;
  });

export const messageReceived = event(received);
export const messageStatus = event(
  z.object({
    messageId: identifier,
    status: z.enum(messageStatuses),
    recipientId: optionalIdentifier,
    timestamp: optionalTime,
  }),
);
export const conversationChanged = event(
  z.object({
    conversationId: identifier,
    contactId: optionalIdentifier,
    status: optionalText,
    channel: optionalText,
    assignedUserId: optionalIdentifier,
    watsiEnabled: z.boolean().nullish(),
  }),
);
export const contactChanged = event(
  z.object({ contactId: identifier, name: optionalText, phone: optionalText, email: optionalText }),
);

export type Envelope = z.infer<typeof envelope>;
export type Status = z.infer<typeof messageStatus>['data'];
export type Received = z.infer<typeof messageReceived>['data'];
export type Conversation = z.infer<typeof conversationChanged>['data'];
export type ContactPayload = z.infer<typeof contactChanged>['data'];
