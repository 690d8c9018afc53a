import type { JsonObject, Sample } from '../samples.ts';

/** The shapes are the vendor's, the values are made up. */
export const metadata = { display_phone_number: '15550100001', phone_number_id: 'TEST-number-1' };

/** Side data of the person who writes in the samples. */
export const contact = {
  profile: { name: 'Olena K', username: 'olena.k' },
  wa_id: '380670000001',
  user_id: 'UA.TEST0001',
  identity_key_hash: 'TEST-hash-1',
};

/** What the messages of the person have in common. */
export const from = (id: string) => ({
  from: '380670000001',
  from_user_id: 'UA.TEST0001',
  id: `wamid.TEST-${id}`,
  timestamp: '1781079330',
});

/** A delivery of one change. */
export const delivery = (field: string, value: JsonObject, entry: JsonObject = {}): JsonObject => ({
  object: 'whatsapp_business_account',
  entry: [{ id: 'TEST-account-1', ...entry, changes: [{ field, value }] }],
});

/** A value of a business number. */
export const ofNumber = (items: JsonObject): JsonObject => ({ messaging_product: 'whatsapp', metadata, ...items });

/** A delivery of one message of a person. */
export const inbound = (message: JsonObject, types: Sample['types'] = ['message.inbound']): Sample => ({
  types,
  payload: delivery('messages', ofNumber({ contacts: [contact], messages: [message] })),
});
