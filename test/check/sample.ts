// Checked mailboxes for the tests of what is said about them.
import type {Checked} from '../../source/check/row.ts';
import type {Inspection} from '../../source/engine/look/inspection.ts';
import {type Problem, problem} from '../../source/engine/problems/problems.ts';
import type {Endpoint, Request} from '../../source/request/schema.ts';

export function endpoint(changes: Partial<Endpoint> = {}): Endpoint {
  return {
    provider: 'o365',
    userId: 'john',
    domain: 'baya.com',
    server: 'outlook.office365.com',
    port: 993,
    security: 'tls',
    auth: 'oauth-app',
    secret: {kind: 'ask'},
    ...changes,
  };
}

export function request(user: string, source: Partial<Endpoint> = {}): Request {
  return {
    title: `${user} moves`,
    type: 'O365-IMAP',
    source: endpoint({userId: user, ...source}),
    destination: endpoint({
      provider: 'imap',
      userId: user,
      domain: 'vault.example',
      server: 'vault.example',
      auth: 'password',
    }),
    destinationFolder: 'Data',
    include: [],
    exclude: [],
    withJunk: false,
  };
}

const end = {login: 'x@baya.com', server: 'outlook.office365.com:993', folders: 2, messages: 12};

/** A mailbox that can be copied: 10 messages of 1 MB go, 2 stay. */
export function ready(index: number, user: string, problems: readonly Problem[] = []): Checked {
  const inspection: Inspection = {
    source: end,
    destination: {...end, server: 'vault.example:993', freeBytes: 5e9},
    folders: [
      {
        folder: 0,
        source: 'INBOX',
        destination: 'Data/INBOX',
        selected: true,
        messages: 10,
        bytes: 1e6,
        notes: [],
      },
      {
        folder: 1,
        source: 'Calendar',
        destination: 'Data/Calendar',
        selected: false,
        reason: 'calendar, not mail',
        messages: 2,
        bytes: 99,
        notes: [],
      },
    ],
    problems,
  };
  return {request: index, what: request(user), inspection};
}

/** A mailbox whose source could not be signed in to. */
export function unreached(index: number, user: string, why: Problem, accepted = false): Checked {
  const inspection: Inspection = {
    folders: [],
    problems: [why],
    failed: {source: {problem: why, accepted, login: `${user}@baya.com`, app: 'app-1', objectId: 'object-1'}},
  };
  return {request: index, what: request(user), inspection};
}

export function loginOf(user: string) {
  return {end: 'source', server: 'outlook.office365.com:993', login: `${user}@baya.com`} as const;
}

export const tokenRefused = (user: string) =>
  problem('microsoft-token-refused', loginOf(user), {detail: 'AUTHENTICATE failed.'});
