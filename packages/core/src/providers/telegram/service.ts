import type { Chat } from '../../events/chat.ts';
import { present } from '../../events/present.ts';
import type { NormalizedEvent } from '../provider.ts';
import { type About, toContact } from './parties.ts';
import type { MessagePayload, UserPayload } from './payloads.ts';

/** What a service message makes of its chat. */
interface ChatChange {
  readonly message: MessagePayload;
  readonly chat: Chat;
  readonly about: About;
  readonly occurredAt: string | undefined;
}

type Change = (change: ChatChange) => readonly NormalizedEvent[];

/**
 * What becomes of service messages about the chat itself, by the key that says what happened. That a chat was made is no
 * `chat.created`: the bot's own coming in is, so that no chat is created twice.
 */
export const chatChanges: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['group_chat_created', (change) => updated(change)],
  ['supergroup_chat_created', (change) => updated(change)],
  ['channel_chat_created', (change) => updated(change)],
  ['new_chat_title', (change) => updated(change, { title: change.message.new_chat_title ?? undefined })],
  ['new_chat_photo', (change) => updated(change)],
  ['delete_chat_photo', (change) => updated(change)],
  ['new_chat_members', (change) => membersChanged(change, change.message.new_chat_members ?? [])],
  ['left_chat_member', (change) => membersChanged(change, listOf(change.message.left_chat_member))],
  ['chat_owner_left', (change) => updated(change)],
  ['chat_owner_changed', (change) => membersChanged(change, listOf(change.message.chat_owner_changed?.new_owner))],
  ['migrate_to_chat_id', (change) => moved(change, change.chat.id, change.message.migrate_to_chat_id)],
  ['migrate_from_chat_id', (change) => moved(change, change.message.migrate_from_chat_id, change.chat.id)],
]);

/** Service messages that nothing in the model stands for: they are messages of the kind `system`. */
export const systemMessages: readonly string[] = [
  'message_auto_delete_timer_changed',
  'pinned_message',
  'successful_payment',
  'refunded_payment',
  'users_shared',
  'chat_shared',
  'gift',
  'unique_gift',
  'gift_upgrade_sent',
  'connected_website',
  'write_access_allowed',
  'passport_data',
  'proximity_alert_triggered',
  'boost_added',
  'chat_background_set',
  'checklist_tasks_done',
  'checklist_tasks_added',
  'direct_message_price_changed',
  'forum_topic_created',
  'forum_topic_edited',
  'forum_topic_closed',
  'forum_topic_reopened',
  'general_forum_topic_hidden',
  'general_forum_topic_unhidden',
  'giveaway_created',
  'giveaway_completed',
  'managed_bot_created',
  'paid_message_price_changed',
  'poll_option_added',
  'poll_option_deleted',
  'suggested_post_approved',
  'suggested_post_approval_failed',
  'suggested_post_declined',
  'suggested_post_paid',
  'suggested_post_refunded',
  'video_chat_scheduled',
  'video_chat_started',
  'video_chat_ended',
  'video_chat_participants_invited',
];

function updated({ chat, about, occurredAt }: ChatChange, fields: Partial<Chat> = {}): readonly NormalizedEvent[] {
  const data = { chat: present({ ...chat, ...fields }) };
  return [{ ...about, type: 'chat.updated', occurredAt, ordering: chat.id, data }];
}

/** One event per member, who is its contact. */
function membersChanged(change: ChatChange, members: readonly UserPayload[]): readonly NormalizedEvent[] {
  const { chat, about, occurredAt } = change;
  if (members.length === 0) return updated(change);
  const byId = new Map(members.map((member) => [member.id, member]));
  return [...byId.values()].map((member) => ({
    ...about,
    key: `${about.key}:${member.id}`,
    type: 'chat.updated',
    occurredAt,
    ordering: chat.id,
    // The bot is no contact of its own.
    data: present({ chat, contact: member.id === about.account ? undefined : toContact(member) }),
  }));
}

/**
 * A group that became a supergroup has a new id. Both chats say so, each in turn with its own messages, so that the change is
 * known after the last message of the old one as well as before the first of the new one.
 */
function moved(change: ChatChange, from: string | null | undefined, to: string | null | undefined) {
  const { chat, about, occurredAt } = change;
  if (!from || !to) return updated(change);
  const moved: Chat = { ...chat, id: to, channelChatId: to };
  const data = { chat: moved, previous: { id: from, channelChatId: from } };
  return [{ ...about, type: 'chat.updated' as const, occurredAt, ordering: chat.id, data }];
}

const listOf = (user: UserPayload | null | undefined) => (user ? [user] : []);
