import { z } from 'zod';
import { readsItem } from './items.ts';
import * as payloads from './payloads.ts';

/** Reads an item of `calls`. The model has no calls. */
export const readCall = readsItem(
  payloads.call,
  ({ event }) => `calls.${event}`,
  ({ id, event }) => ({ key: `call:${id}:${event}`, reason: 'not_modelled' }),
);

/** Reads the status of a call, which is no message. */
export const readCallStatus = readsItem(
  payloads.callStatus,
  () => 'calls.status',
  ({ id, status }) => ({ key: `call:${id}:${status}`, reason: 'not_modelled' }),
);

/** Reads an item of `user_actions`, whose content is not documented. */
export const readUserAction = readsItem(
  z.unknown(),
  (_item, { field }) => `${field}.user_actions`,
  () => ({ reason: 'not_modelled' }),
);
