// Starts simulated servers for the tests of one file, and ends them.
import {afterEach} from 'vitest';
import {TokenTable} from '../identity/tokens.ts';
import {ManualClock} from './clock.ts';
import type {ExchangeMailbox, MailboxOptions} from './mailbox.ts';
import {type ExchangeOptions, type ExchangeServer, startExchange} from './server.ts';
import {audiences} from './sign-in.ts';

export const address = 'john@contoso.example';
export const application = '11111111-2222-3333-4444-555555555555';

export type Simulated = {
  readonly server: ExchangeServer;
  readonly mailbox: ExchangeMailbox;
  readonly clock: ManualClock;
  readonly tokens: TokenTable;
  /** An application's token of so many seconds. */
  appToken(seconds?: number, about?: {audience?: string; permission?: string; subject?: string}): string;
  /** A user's token of so many seconds. */
  userToken(user: string, seconds?: number, audience?: string): string;
};

export type SimulatedOptions = ExchangeOptions & {readonly account?: MailboxOptions};

/** To be called once in a test file. The servers it starts take passwords where nothing else is said. */
export function simulation(): (options?: SimulatedOptions) => Promise<Simulated> {
  const servers: ExchangeServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map(server => server.stop())));
  return async ({account, quirks, ...options} = {}) => {
    const clock = new ManualClock();
    const tokens = new TokenTable(clock.now);
    const server = await startExchange({
      now: clock.now,
      watch: look => clock.watch(look),
      wait: async ms => clock.advance(ms),
      tokens,
      quirks: {password: 'accepted', ...quirks},
      ...options,
    });
    servers.push(server);
    return {
      server,
      clock,
      tokens,
      mailbox: server.mailbox(address, account ?? {}),
      appToken: (seconds = 3900, {audience = audiences.app[0], permission, subject = application} = {}) =>
        tokens.issue({
          subject,
          kind: 'app',
          audience,
          permissions: [permission ?? 'IMAP.AccessAsApp'],
          expires: clock.now() + seconds * 1000,
        }),
      userToken: (user, seconds = 3900, audience = audiences.delegated[0]) =>
        tokens.issue({
          subject: user,
          kind: 'delegated',
          audience,
          permissions: ['https://outlook.office.com/IMAP.AccessAsUser.All'],
          expires: clock.now() + seconds * 1000,
        }),
    };
  };
}

/** The answer to AUTHENTICATE XOAUTH2. */
export function xoauth2(user: string, token: string): string {
  return Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`).toString('base64');
}
