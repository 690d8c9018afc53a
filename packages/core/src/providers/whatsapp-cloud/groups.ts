import type { Chat } from '../../events/chat.ts';
import { present } from '../../events/present.ts';
import { hashKey, type ItemReader, readsItem } from './items.ts';
import * as payloads from './payloads.ts';
import { type Scope, toChat } from './scope.ts';

/** Reads an item of `groups`: a group was made, deleted or changed, or an attempt at it failed. */
export const readGroup: ItemReader = (item, scope) =>
  (payloads.groupFailure.safeParse(item).success ? readFailure : readChange)(item, scope);

const nameOf = ({ type }: { type?: string | undefined }, { field }: Scope) =>
  type === undefined || type === field ? field : `${field}.${type}`;

const readChange = readsItem(payloads.group, nameOf, (group, scope, raw) => {
  const at = scope.time(group.timestamp);
  const chat = toGroup(group, scope);
  const common = { key: hashKey(scope, scope.field, raw), occurredAt: at, ordering: chat.id };
  if (group.type === 'group_create') {
    return [{ ...common, type: 'chat.created', data: { chat: present({ ...chat, createdAt: at }) } }];
  }
  if (group.type === 'group_delete') {
    return [{ ...common, type: 'chat.deleted', data: present({ chat, deletedAt: at }) }];
  }
  return [{ ...common, type: 'chat.updated', data: { chat } }];
});

/** What we asked for and did not get: nothing changed about the chat, if there is one. */
const readFailure = readsItem(payloads.groupFailure, nameOf, ({ type, timestamp }, scope, raw) => [
  {
    type: 'account.updated',
    key: hashKey(scope, scope.field, raw),
    occurredAt: scope.time(timestamp),
    ordering: scope.account,
    data: { change: type ?? scope.field, payload: raw },
  },
]);

function toGroup(group: payloads.Group, scope: Scope): Chat {
  const { group_id, subject, group_subject, type } = group;
  const renamed = group_subject?.update_successful === false ? undefined : group_subject?.text;
  return present({
    ...(toChat(scope, undefined, group_id) ?? { id: group_id, kind: 'group' as const, channel: 'whatsapp' }),
    title: subject ?? renamed,
    status: scope.field === 'group_status_update' ? type : undefined,
  });
}
