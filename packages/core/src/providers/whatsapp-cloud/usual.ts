import { isRecord } from '../provider.ts';
import * as payloads from './payloads.ts';

/*
 * The shapes that come by the thousand, looked at by hand where everything in them is as documented: that takes a
 * tenth of what a schema takes. Whatever is not goes to the schema, which alone decides what fits.
 */

/** Reads a status, as {@link payloads.status} does. */
export const parseStatus = (item: unknown) =>
  isUsualStatus(item) ? { success: true as const, data: item } : payloads.status.safeParse(item);

/** Reads side data of a person, as {@link payloads.contactEntry} does. */
export const parseContact = (item: unknown): payloads.ContactEntry | undefined =>
  isUsualContact(item) ? item : payloads.contactEntry.safeParse(item).data;

/** Reads which number a value is about, as {@link payloads.metadata} does. */
export const parseMetadata = (item: unknown): payloads.Metadata | undefined =>
  isUsualMetadata(item) ? item : payloads.metadata.safeParse(item).data;

/** Reads which account an entry is about, as {@link payloads.entry} does. */
export const parseEntry = (item: unknown): payloads.Entry | undefined =>
  isUsualEntry(item) ? item : payloads.entry.safeParse(item).data;

const isUsualMetadata = (item: unknown): item is payloads.Metadata =>
  isRecord(item) && isTextOrNone(item.display_phone_number) && isTextOrNone(item.phone_number_id);

const isUsualEntry = (item: unknown): item is payloads.Entry =>
  isRecord(item) && isTextOrNone(item.id) && isTextOrNone(item.time);

function isUsualStatus(item: unknown): item is payloads.StatusPayload {
  return (
    isRecord(item) &&
    isText(item.id) &&
    isStatus(item.status) &&
    item.type === undefined &&
    isTextOrNone(item.timestamp) &&
    isTextOrNone(item.recipient_id) &&
    isTextOrNone(item.recipient_type) &&
    isTextOrNone(item.recipient_user_id) &&
    isTextOrNone(item.recipient_participant_id) &&
    isTextOrNone(item.participant_recipient_id) &&
    isTextOrNone(item.recipient_participant_user_id) &&
    isTextOrNone(item.recipient_participant_parent_user_id) &&
    isTextOrNone(item.biz_opaque_callback_data) &&
    isUsualPricing(item.pricing) &&
    item.errors === undefined
  );
}

const isStatus = (word: unknown) => word === 'sent' || word === 'delivered' || word === 'read' || word === 'played';

const isUsualPricing = (pricing: unknown) =>
  pricing === undefined ||
  (isRecord(pricing) &&
    (pricing.billable === undefined || typeof pricing.billable === 'boolean') &&
    isTextOrNone(pricing.pricing_model) &&
    isTextOrNone(pricing.type) &&
    isTextOrNone(pricing.category));

function isUsualContact(item: unknown): item is payloads.ContactEntry {
  return (
    isRecord(item) &&
    isTextOrNone(item.wa_id) &&
    isTextOrNone(item.user_id) &&
    isTextOrNone(item.parent_user_id) &&
    isTextOrNone(item.identity_key_hash) &&
    (item.profile === undefined ||
      (isRecord(item.profile) && isTextOrNone(item.profile.name) && isTextOrNone(item.profile.username)))
  );
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';

const isTextOrNone = (value: unknown) => value === undefined || isText(value);
