/** What stands where a secret stood. */
export const removed = '[redacted]';

/** What stands for the rest of a text that was too long, or too much work, to be looked through. */
export const unread = '[redacted: the rest was not looked through]';
