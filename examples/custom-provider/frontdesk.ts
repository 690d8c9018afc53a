import {
  byEventName,
  defineProvider,
  hmac,
  identifier,
  optionalText,
  present,
  reads,
  type SecretSource,
  toIsoTime,
  toPhone,
} from '@chathooks/core';
import { z } from 'zod';

/** Only what is read: whatever else the vendor sends stays in `event.raw`. */
const noteAdded = z.object({
  id: identifier,
  at: z.number(),
  note: z.object({ id: identifier, body: optionalText, guest: z.object({ phone: optionalText, name: optionalText }) }),
});

/** Receives from Frontdesk, an invented vendor that signs with HMAC-SHA-256 in base64: `X-Frontdesk-Signature: v1=…`. */
export const frontdesk = ({ secret }: { readonly secret: SecretSource }) =>
  defineProvider({
    name: 'frontdesk',
    verifier: hmac({ header: 'x-frontdesk-signature', prefix: 'v1=', encoding: 'base64', secret }),
    normalize: byEventName({
      name: (payload) => payload.kind,
      id: (payload) => payload.id,
      events: {
        'note.added': reads(noteAdded, ({ id, at, note }) => [
          {
            type: 'message.inbound',
            key: id, // the same when the vendor sends it again
            occurredAt: toIsoTime(at),
            ordering: note.guest.phone ?? note.id, // a guest's notes are handled in turn
            data: {
              message: {
                ...present({ id: note.id, text: note.body }),
                direction: 'inbound',
                kind: 'text',
                from: present({ phone: toPhone(note.guest.phone), name: note.guest.name ?? undefined }),
              },
            },
          },
        ]),
      },
    }),
  });
