/** Mailboxes looked at side by side where nothing is asked for: one connection each, and no mail moves. */
export const looksAtOnce = 16;
