/** An id if it is WhatsApp's own id of a message, `wamid…`: some vendors pass it on, others have theirs. */
export const toWamid = (id: string): string | undefined => (id.startsWith('wamid.') ? id : undefined);

/** Channels beside WhatsApp whose ids of messages are unique in all of the channel; Telegram's, for one, are not. */
const channelsWithUniqueIds: ReadonlySet<string> = new Set(['messenger', 'instagram']);

/**
 * The id of a message that a vendor passes on from the channel, if it tells the message from every other of that channel.
 *
 * @param channel - in lower case
 */
export const toChannelMessageId = (
  id: string | null | undefined,
  channel: string | null | undefined,
): string | undefined => (id && channel && channelsWithUniqueIds.has(channel) ? id : toWamid(id ?? ''));
