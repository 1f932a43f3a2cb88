/** Exchange is known by its greeting, in several wordings (quirk `greeting` of test/servers/exchange/quirks.ts). */
export const exchangeGreeting = /Microsoft Exchange.*IMAP4/i;
