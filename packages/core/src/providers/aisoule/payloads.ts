import { z } from 'zod';
import { identifier, optionalIdentifier, optionalText, optionalTime } from '../../events/fields.ts';

/*
 * What is read of AISoule's payloads, in both published dialects. Source: aisoule.com/help/integrations, pages
 * webhook-events and webhooks-receiving ("help"), and aisoule.com/docs/webhooks, pages webhook-events and
 * signature-validation ("docs"). Neither says what may be missing.
 */

const event = <T extends z.ZodType>(data: T) => z.object({ timestamp: optionalTime, data });

const received = z.object({
  message_id: identifier,
  type: optionalText,
  // help
  from: optionalIdentifier,
  text: optionalText,
  contact_id: optionalIdentifier,
  contact_name: optionalText,
  whatsapp_account_id: optionalIdentifier,
  // docs
  sender: optionalIdentifier,
  recipient: optionalIdentifier,
  body: optionalText,
  waba_number: optionalIdentifier,
});

const status = z.object({
  message_id: identifier,
  error_code: optionalIdentifier,
  error_message: optionalText,
  // help
  to: optionalIdentifier,
  whatsapp_account_id: optionalIdentifier,
  // docs
  recipient: optionalIdentifier,
  waba_number: optionalIdentifier,
});

const contact = z.object({
  id: identifier,
  phone_number: optionalIdentifier,
  name: optionalText,
  source: optionalText,
});

const count = z.number().nullish();
const campaign = z.object({
  id: identifier,
  name: optionalText,
  total: count,
  sent: count,
  delivered: count,
  read: count,
  failed: count,
});

const transfer = z.object({
  contact_id: optionalIdentifier,
  from_agent_id: optionalIdentifier,
  to_agent_id: optionalIdentifier,
  to_team_id: optionalIdentifier,
  notes: optionalText,
});

export const messageReceived = event(received);
export const messageStatus = event(status);
export const contactChanged = event(contact);
export const campaignCompleted = event(campaign);
export const transferCreated = event(transfer);
export const ping = z.object({ timestamp: optionalTime });

export type Received = z.infer<typeof received>;
export type Status = z.infer<typeof status>;
export type ContactPayload = z.infer<typeof contact>;
export type CampaignPayload = z.infer<typeof campaign>;
export type TransferPayload = z.infer<typeof transfer>;
