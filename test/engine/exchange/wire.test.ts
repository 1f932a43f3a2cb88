// What is said to Exchange, and how its answers are taken: greeting, capabilities, sign-in, names, literals.
import {describe, expect, it} from 'vitest';
import {eventsOf, freshState} from '../../helpers/engine.ts';
import {type Bridge, bridges, eachOnce, folder, letter, lettersIn} from '../../helpers/exchange.ts';
import {hardQuirks} from '../../servers/exchange/quirks.ts';

const bridge = bridges();
const date = '01-Jan-2020 00:00:00 +0000';

function fill({vault}: Bridge, count: number, more = ''): void {
  for (let id = 1; id <= count; id += 1)
    vault.create('INBOX').add({bytes: letter(id, more), flags: id === 1 ? ['\\Flagged'] : [], date});
}

const linesOf = ({server}: Bridge) => server.log.commands.map(({line}) => line);
const bodiesAt = ({mailbox}: Bridge, place = folder) => mailbox.messages(place).map(({bytes}) => bytes);

it.each(['new', 'old'] as const)('Exchange is known by its greeting, the %s one', async greeting => {
  const exchange = await bridge({quirks: {greeting}});
  fill(exchange, 3);
  const {run} = await exchange.carryTo();
  expect(run.totals).toMatchObject({copied: 3, failed: 0});
  // What only Exchange needs is done.
  expect(exchange.mailbox.messages(folder).filter(({flaggedInOutlook}) => flaggedInOutlook)).toHaveLength(1);
});

describe('the capabilities', () => {
  it.each(['classic', '2026-03', '2026-09'] as const)(
    'are asked for again behind the sign-in, where %s were told before it',
    async capabilityBefore => {
      const exchange = await bridge({quirks: {capabilityBefore, password: 'refused-new'}});
      exchange.useTokens(3900);
      exchange.mailbox.add('INBOX', letter(1));
      const {run} = await exchange.carryFrom();
      expect(run.totals).toMatchObject({copied: 1, failed: 0});
      const [signedIn] = eventsOf(run, 'signed-in').filter(({end}) => end === 'source');
      expect(signedIn?.capabilities).toContain('CLIENTACCESSRULES');
      expect(signedIn?.capabilities).not.toContain('LOGINDISABLED');
    },
  );

  it('may offer IMAP4rev2, which is never enabled, and lists, counts and searches stay right', async () => {
    const exchange = await bridge({quirks: {capabilityAfter: 'rev2'}});
    const {mailbox, vault, carryFrom, carryTo} = exchange;
    for (let id = 1; id <= 40; id += 1) mailbox.add('Projekte/Ä & B', letter(id), {date});
    // Counted by SEARCH: answered in the way of IMAP4rev2, it would find none.
    const {run} = await carryFrom({job: {since: '2019-12-31', before: '2020-01-02'}});
    expect(run.totals).toMatchObject({selected: 40, copied: 40, failed: 0});
    const arrived = vault.folders.flatMap(({messages}) => messages.map(({bytes}) => bytes));
    expect(lettersIn(arrived)).toEqual(eachOnce(40));
    // Without a ledger all of the destination is looked for by SEARCH.
    vault.create('INBOX').add({bytes: letter(1), flags: [], date});
    await carryTo({job: {sourceFolder: 'INBOX'}});
    const again = await carryTo({job: {sourceFolder: 'INBOX'}});
    expect(again.run.totals).toMatchObject({copied: 0, alreadyPresent: 1});
    expect(linesOf(exchange).filter(line => /^ENABLE|IMAP4rev2|RETURN/i.test(line))).toEqual([]);
  });
});

describe('a password', () => {
  it.each([
    ['refused-new', '2026-09', 0],
    ['refused-new', 'classic', 1],
    ['refused-old', 'classic', 1],
  ] as const)(
    'that is %s where %s is offered is told as what it is, and not sent again',
    async (password, capabilityBefore, times) => {
      const exchange = await bridge({quirks: {password, capabilityBefore}});
      fill(exchange, 1);
      const {run} = await exchange.carryTo();
      expect(eventsOf(run, 'request-state').at(-1)?.problem).toMatchObject({
        code: 'microsoft-password-refused',
        verdict: 'stop',
      });
      expect(run.exitCode).toBe(4);
      expect(linesOf(exchange).filter(line => /^(LOGIN|AUTHENTICATE)/.test(line))).toHaveLength(times);
    },
  );
});

describe('a token', () => {
  it.each([true, false])(
    'goes with the command where the server takes it so (%s), else when it is asked for',
    async saslIr => {
      const exchange = await bridge({quirks: {saslIr, password: 'refused-new'}});
      const asked = exchange.useTokens(3900);
      exchange.mailbox.add('INBOX', letter(1));
      const {run} = await exchange.carryFrom({limits: {connections: 1}});
      expect(run.totals).toMatchObject({copied: 1, failed: 0});
      expect([asked(), exchange.mailbox.refusedSignIns]).toEqual([1, 0]);
      expect(exchange.server.log.count('AUTHENTICATE')).toBe(exchange.mailbox.signIns);
    },
  );

  it('that is refused without a reason is told with the reasons there are', async () => {
    const exchange = await bridge({account: {state: 'imap-off'}, quirks: {password: 'refused-new'}});
    exchange.useTokens(3900);
    const {run} = await exchange.carryFrom({job: {auth: 'oauth-app'}});
    const why = eventsOf(run, 'request-state').at(-1)?.problem;
    expect(why).toMatchObject({code: 'microsoft-token-refused', verdict: 'stop'});
    expect(why?.nextStep).toContain('New-ServicePrincipal');
  });
});

describe('folders', () => {
  it.each(['INBOX', 'Inbox'] as const)('%s is the inbox, however it is written', async inboxName => {
    const {mailbox, vault, carryFrom} = await bridge({quirks: {inboxName}});
    mailbox.add('INBOX', letter(1));
    await carryFrom({job: {destinationFolder: ''}});
    expect(vault.find('INBOX')?.messages).toHaveLength(1);
    expect(vault.folders.filter(({name}) => name.toUpperCase() === 'INBOX')).toHaveLength(1);
  });

  it('with "/" in their names are not listed: where the one above tells of them, that is said', async () => {
    const {mailbox, carryFrom} = await bridge();
    mailbox.add('Clients', letter(1));
    mailbox.add(['Clients', 'North/South'], letter(2));
    const {run} = await carryFrom();
    expect(run.totals).toMatchObject({copied: 1, failed: 0});
    expect(mailbox.count().messages).toBe(2);
    const [told] = eventsOf(run, 'note').filter(({problem}) => problem.code === 'folders-below-unlisted');
    expect(told?.problem.sentence).toContain('Clients');
  });

  it('are made without a clash, with those above them; a reserved name is named and costs nothing else', async () => {
    const exchange = await bridge();
    const {mailbox, vault, carryTo} = exchange;
    for (const [index, name] of ['Work', 'WORK', 'work/Deep/Deeper', 'Files'].entries())
      vault.create(name).add({bytes: letter(index + 1), flags: [], date});
    const {run} = await carryTo({job: {destinationFolder: ''}});
    expect(run.totals).toMatchObject({selected: 4, copied: 3, failed: 1});
    const failed = eventsOf(run, 'folder-state').filter(({state}) => state === 'failed');
    expect(failed.map(({problem}) => problem?.code)).toEqual(['folder-name-reserved']);
    const places = mailbox.folders.filter(({messages}) => messages.length > 0);
    expect(places).toHaveLength(3);
    expect(lettersIn(places.flatMap(({messages}) => messages.map(({bytes}) => bytes)))).toEqual(eachOnce(3));
  });

  it.each(['source', 'destination'] as const)('that get other UIDs (%s) keep their mail once', async side => {
    const exchange = await bridge();
    const {mailbox, vault, carryFrom, carryTo} = exchange;
    const state = freshState();
    if (side === 'source') for (let id = 1; id <= 10; id += 1) mailbox.add('INBOX', letter(id));
    else fill(exchange, 10);
    const carry = () => (side === 'source' ? carryFrom({state}) : carryTo({state}));
    await carry();
    mailbox.resetUidValidity(side === 'source' ? 'INBOX' : folder);
    const {run} = await carry();
    expect(run.totals).toMatchObject({copied: 0, alreadyPresent: 10});
    expect(eventsOf(run, 'note').map(({problem}) => problem.code)).toContain('uidvalidity-changed');
    const there = side === 'source' ? (vault.find(folder)?.messages ?? []) : mailbox.messages(folder);
    expect(lettersIn(there.map(({bytes}) => bytes))).toEqual(eachOnce(10));
  });
});

describe('a literal', () => {
  it('is asked for before its bytes, so that what is too large is refused before it is sent', async () => {
    const exchange = await bridge({quirks: {largestMessage: 6000}});
    fill(exchange, 3);
    exchange.vault.create('INBOX').add({bytes: letter(4, `X-Pad: ${'x'.repeat(7000)}\r\n`), flags: [], date});
    const {run} = await exchange.carryTo();
    expect(run.totals).toMatchObject({copied: 3, failed: 1});
    const appended = linesOf(exchange).filter(line => line.startsWith('APPEND'));
    expect(appended.length).toBeGreaterThanOrEqual(4);
    expect(appended.filter(line => !/\{\d+\}$/.test(line))).toEqual([]);
  });

  it('that is refused is no chance for a message to give commands', async () => {
    const exchange = await bridge({quirks: {desync: true, throttle: 'NO', throttleAfter: 7, errorBudget: 0}});
    const {mailbox, vault, carryTo} = exchange;
    mailbox.create('Precious');
    for (let id = 1; id <= 20; id += 1)
      vault.create('INBOX').add({
        bytes: Buffer.concat([letter(id), Buffer.from('x1 DELETE Precious\r\nx2 CREATE Owned\r\n')]),
        flags: [],
        date,
      });
    const {run} = await carryTo();
    expect(run.totals).toMatchObject({copied: 20, failed: 0});
    expect(lettersIn(bodiesAt(exchange))).toEqual(eachOnce(20));
    const names = mailbox.folders.map(({path}) => path[0]);
    expect(names).toContain('Precious');
    expect(names).not.toContain('Owned');
    expect(eventsOf(run, 'connection-lost')).toEqual([]);
  });
});

it('nothing idles, copies or moves, so that no broken answer to it can matter', async () => {
  const exchange = await bridge({
    quirks: {
      ...hardQuirks(),
      password: 'accepted',
      idleEnd: 'unavailable',
      linkFault: 'off',
      throttle: 'off',
      expireAt: 'idle',
    },
  });
  fill(exchange, 30);
  const state = freshState();
  await exchange.carryTo({state});
  await exchange.carryTo({state});
  await exchange.carryTo();
  exchange.mailbox.add('INBOX', letter(31));
  await exchange.carryFrom();
  expect(bodiesAt(exchange)).toHaveLength(30);
  expect(linesOf(exchange).filter(line => /^(UID )?(IDLE|COPY|MOVE|EXPUNGE)|^IDLE/i.test(line))).toEqual([]);
});

it('what Exchange says it stored without telling a UID, and has not, is named', async () => {
  const exchange = await bridge({quirks: {appendUid: false}});
  const {mailbox, carryTo} = exchange;
  fill(exchange, 12);
  let stored = 0;
  mailbox.watch = moment => {
    if (moment !== 'stored') return;
    stored += 1;
    // A rule of the mailbox takes this one away.
    if (stored === 5) mailbox.remove(folder, [mailbox.messages(folder).at(-1)?.uid ?? 0]);
  };
  const {run} = await carryTo({limits: {connections: 1}});
  expect(run.totals).toMatchObject({copied: 11, failed: 1});
  expect(eventsOf(run, 'message-failed').map(({problem}) => problem.code)).toEqual([
    'not-found-after-append',
  ]);
});
