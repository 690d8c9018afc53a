import { deliver, type SignedDelivery } from '@chathooks/testing';

/** Deliveries with the documented fields that the samples, which are kept short, do without, by vendor, as new events. */
export const richerDeliveries: Readonly<Record<string, readonly SignedDelivery[]>> = {
  wexio: [
    deliver.wexio('chat.created', {
      id: 'evt_richer_1',
      data: {
        chat: { title: 'Book club', username: 'mirte', photoUrl: 'https://cdn.example/mirte.jpg' },
        contact: { email: 'mirte@example.org', tags: ['vip'], customFields: { size: 'M' } },
      },
    }),
    deliver.wexio('message.inbound.created', {
      id: 'evt_richer_2',
      data: {
        chat: { username: 'mirte', photoUrl: 'https://cdn.example/mirte.jpg' },
        message: { type: 'IMAGE', media: [{ url: 'https://cdn.example/photo.jpg' }] },
      },
    }),
    deliver.wexio('message.outbound.updated', {
      id: 'evt_richer_3',
      data: {
        message: { failedAt: '2026-06-10T08:16:09.000Z', errorCode: 131026, errorMessage: 'Undeliverable' },
        previous: { failedAt: null },
      },
    }),
  ],
  xobito: [
    received({ type: 'image', media: 'https://cdn.example/photo.jpg', media_filename: 'photo.jpg' }),
    received({ type: 'location', text: '{"latitude":38.7,"longitude":-9.1,"name":"Shop","address":"Rua 1"}' }),
    received({ type: 'contacts', text: '[{"name":"Inês"}]' }),
    received({ type: 'button', text: 'Yes', button_id: 'yes', reply_to_message_id: 'wamid.TEST0001' }),
  ],
};

function received(data: Record<string, string>): SignedDelivery {
  return deliver.xobito('message.received', { data: { message_id: `wamid.${data.type}`, ...data } });
}
