import { reads } from '../provider.ts';
import { about, type ContextReader, hashKey, sidesOf } from './context.ts';
import * as payloads from './payloads.ts';

/** An item about who answers in a thread, or about the page as a whole: passed on as it came. */
export const accountItem =
  (change: string): ContextReader =>
  (context) =>
    reads(payloads.anyItem, (item, _, raw) => [
      {
        ...about(context, hashKey(context, change, raw), {
          timestamp: item.timestamp,
          ordering: sidesOf(item, context).chat?.id ?? context.account,
        }),
        type: 'account.updated',
        data: { change, payload: raw },
      },
    ]);

/** A change of the account: passed on as it came. */
export const accountChange =
  (change: string): ContextReader =>
  (context) =>
    reads(payloads.anyChange, (_fields, _, raw) => [
      {
        ...about(context, hashKey(context, change, raw), { ordering: context.account }),
        type: 'account.updated',
        data: { change, payload: raw },
      },
    ]);
