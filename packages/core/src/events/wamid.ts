/** An id if it is WhatsApp's own id of a message, `wamid…`: some vendors pass it on, others have theirs. */
export const toWamid = (id: string): string | undefined => (id.startsWith('wamid.') ? id : undefined);
