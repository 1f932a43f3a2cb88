import {expect, it} from 'vitest';
import {demoFolder, startDemo} from '../../source/demo/demo.ts';
import {append} from '../../source/engine/imap/append.ts';
import {emptyLiteral} from '../../source/engine/imap/literal.ts';
import type {FetchedMessage} from '../../source/engine/imap/responses.ts';
import {Session} from '../../source/engine/imap/session.ts';
import {signIn} from '../../source/engine/imap/sign-in.ts';
import type {Endpoint} from '../../source/request/schema.ts';
import {Secret} from '../../source/request/secret.ts';

const open = async (end: 'source' | 'destination', endpoint: Endpoint) => {
  const user = `${endpoint.userId}@${endpoint.domain}`;
  const options = {connectMs: 5_000, inactivityMs: 5_000, version: '0', now: Date.now};
  const credentials = {kind: 'password', user, password: async () => new Secret('demo')} as const;
  return new Session(await signIn(end, endpoint, credentials, options, new AbortController().signal));
};

it('serves the engine: sign in, list, read and append several at once', async () => {
  const demo = await startDemo({now: () => 0, speed: 'full'});
  try {
    const request = demo.requests.find(({source}) => source.userId === 'jonas');
    if (request === undefined) throw new Error('no request');
    const [source, destination] = [
      await open('source', request.source),
      await open('destination', request.destination),
    ];
    const listed = await source.list();
    const orders = listed.find(folder => folder.name === 'Aufträge/Zürich');
    expect(orders?.status).toMatchObject({messages: 16, uidNext: 17});
    expect(listed.find(folder => folder.name === 'Gelöschte Elemente')?.flags).toContain('\\Trash');

    await source.examine('Aufträge/Zürich');
    const sizes = await source.sizes();
    const uids = [...sizes.keys()];
    const messages = await source.messages(uids);
    expect(messages.map(message => message.body?.length)).toEqual([...sizes.values()]);
    await destination.create([`${demoFolder}/Aufträge/Zürich`]);
    const outgoing = messages.map(({flags, internalDate, body = emptyLiteral}) => ({
      flags,
      internalDate,
      body,
    }));
    const {results} = await append(
      destination,
      {name: `${demoFolder}/Aufträge/Zürich`},
      outgoing,
      'pipelined',
    );
    expect(await results).toEqual(uids.map(uid => ({stored: true, uid})));
    await destination.examine(`${demoFolder}/Aufträge/Zürich`);
    const bytes = (all: readonly FetchedMessage[]) =>
      all.map(({body, ...rest}) => ({...rest, bytes: body?.bytes}));
    expect(bytes(await destination.messages(uids))).toEqual(bytes(messages));
    expect(await destination.search({since: '2000-01-01', before: '2000-01-02'})).toEqual([]);
    source.logout();
    destination.logout();
  } finally {
    await demo.stop();
  }
});
