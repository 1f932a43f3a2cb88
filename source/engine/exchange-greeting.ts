/** Exchange is known by its greeting, in several wordings (facts 2.1). */
export const exchangeGreeting = /Microsoft Exchange.*IMAP4/i;
