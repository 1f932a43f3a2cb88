// Every way of storing, against a real Dovecot that can less, and one that objects.
import {afterAll, beforeAll, expect, it} from 'vitest';
import type {Point} from '../../../source/engine/points.ts';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {countMessages, expectSameMail, fill, readMailbox} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {meddledServers, plainMail, user} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {type Dovecot, type DovecotOptions, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {startMeddler} from '../../servers/meddler.ts';

/** What the destination can, and the way of storing that is left. */
const ways: readonly (readonly [string, Pick<DovecotOptions, 'hide' | 'add'>])[] = [
  ['multiappend', {hide: []}],
  ['pipelined', {hide: ['MULTIAPPEND']}],
  ['overlapped', {hide: ['MULTIAPPEND', 'LITERAL+'], add: ['LITERAL-']}],
  ['single', {hide: ['MULTIAPPEND', 'LITERAL+']}],
];

const isAppend = (text: string) => text.startsWith('APPEND ');

describeDovecot('ways of storing', () => {
  let source: Dovecot;
  let mail: Awaited<ReturnType<typeof readMailbox>>;
  beforeAll(async () => {
    source = await startDovecot();
    await fill(source, user, [
      {path: ['INBOX'], messages: corpus(60, {seed: 7, repeats: true})},
      {path: ['Sent Items'], messages: corpus(20, {seed: 8})},
    ]);
    mail = await readMailbox(source, user);
    const large = plainMail(1, 3, 'x'.repeat(70).concat('\r\n').repeat(20_000));
    await fill(source, 'large@baya.com', [
      {path: ['INBOX'], messages: [...plainMail(30, 1), ...large, ...plainMail(30, 2)]},
    ]);
  });
  afterAll(async () => source?.stop());

  for (const [way, can] of ways) {
    for (const named of [true, false])
      it.concurrent(`${way}${named ? '' : ', confirmed by looking'}: all arrive once, in clear, over TLS and STARTTLS`, async () => {
        const destination = await startDovecot({
          ...can,
          hide: [...(can.hide ?? []), ...(named ? [] : ['UIDPLUS'])],
        });
        let most = 0;
        let together = 0;
        let unselected = false;
        const watched = meddleWithCommands(({text, literals, unanswered}) => {
          if (text === 'UNSELECT') unselected = true;
          if (!isAppend(text)) return undefined;
          most = Math.max(most, unanswered);
          together = Math.max(together, literals.length);
          return undefined;
        });
        const line = await startMeddler(destination.imapPort, {
          ...watched,
          // Dovecot tells UIDs also where it does not say that it can.
          down: (chunk, wire) => {
            watched.down?.(chunk, wire);
            const text = chunk.toString('latin1');
            if (named || !text.includes('[APPENDUID ')) return false;
            wire.answer(Buffer.from(text.replaceAll(/ \[APPENDUID [^\]]*\]/g, ''), 'latin1'));
            return true;
          },
        });
        try {
          for (const security of ['none', 'tls', 'starttls'] as const) {
            const to = `${security}@vault.example`;
            const server = security === 'none' ? line : destination;
            const plain = job({server: source, user}, {server, user: to, tls: security === 'tls'});
            const end = {...plain.what.destination, security};
            const work = [{...plain, what: {...plain.what, destination: end}}];
            const state = freshState();
            const ca = [destination.ca];
            const passed: Point[] = [];
            const run = await runEngine(work, {state, ca, ports: {passed: point => passed.push(point)}});
            expect(run.exitCode).toBe(0);
            // In clear only: nobody takes an answer's words out of TLS.
            expect(passed.includes('confirmed-by-looking')).toBe(!named && security === 'none');
            // By its answer or by looking: each copy is known.
            const copies = run.rows.filter(row => row.result === 'copied');
            expect(
              new Set(copies.map(row => `${row.destinationFolder} ${row.destinationUid ?? 0}`)).size,
            ).toBe(80);
            const arrived = await readMailbox(destination, to);
            expectSameMail(mail, arrived, path => `Data17012018/${path}`);
            expect((await runEngine(work, {state, ca})).totals).toMatchObject({
              copied: 0,
              alreadyPresent: 80,
            });
          }
          // What went over the line was of this way and no other.
          expect(together > 1).toBe(way === 'multiappend');
          // After each command a server looks at the folder that is open.
          expect(unselected).toBe(way !== 'multiappend');
          if (way === 'pipelined') expect(most).toBeGreaterThan(5);
          if (way === 'overlapped') expect(most).toBe(1);
          if (way === 'single') expect(most).toBe(0);
        } finally {
          line.close();
          await destination.stop();
        }
      });

    if (way === 'overlapped' || way === 'single')
      it.concurrent(`${way}: what is stored is written down before more is sent`, async () => {
        const destination = await startDovecot(can);
        try {
          const passed: Point[] = [];
          const from = {server: source, user: 'large@baya.com'};
          const run = await runEngine([job(from, {server: destination, user: 'soon@vault.example'})], {
            limits: {connections: 1},
            ports: {passed: point => passed.push(point)},
          });
          expect(run.exitCode).toBe(0);
          const told = passed.filter(point => point === 'bytes-sent' || point === 'confirmation-written');
          expect(told.length).toBeGreaterThan(4);
          expect(told).toEqual(
            told.map((_, index) => (index % 2 === 0 ? 'bytes-sent' : 'confirmation-written')),
          );
        } finally {
          await destination.stop();
        }
      });

    it.concurrent(`${way}: what the server stored although it said that it failed is looked for, not sent again`, async () => {
      const destination = await startDovecot(can);
      let failed = 0;
      const line = await startMeddler(destination.imapPort, {
        down: (chunk, wire) => {
          const text = chunk.toString('latin1');
          const says = text.replace(
            /^(F\d+) OK \[APPENDUID.*/m,
            '$1 NO [SERVERBUG] Internal error occurred.',
          );
          if (says === text || failed > 0) return false;
          failed++;
          wire.answer(Buffer.from(says, 'latin1'));
          return true;
        },
      });
      try {
        const to = 'failing@vault.example';
        const run = await runEngine([job({server: source, user}, {server: line, user: to})]);
        expect(failed).toBe(1);
        expect([run.exitCode, run.totals.copied]).toEqual([0, 80]);
        expectSameMail(mail, await readMailbox(destination, to), path => `Data17012018/${path}`);
      } finally {
        line.close();
        await destination.stop();
      }
    });

    it.concurrent(`${way}: a NO to one message fails that message only`, async () => {
      const destination = await startDovecot({...can, largestMessage: 1_000_000});
      try {
        const to = 'large@vault.example';
        const run = await runEngine([
          job({server: source, user: 'large@baya.com'}, {server: destination, user: to}),
        ]);
        expect(run.exitCode).toBe(3);
        expect(run.totals).toMatchObject({selected: 61, copied: 60, failed: 1});
        expect(eventsOf(run, 'message-failed')).toMatchObject([
          {message: {uid: 31}, problem: {code: 'message-too-large'}},
        ]);
        expect(countMessages(await readMailbox(destination, to))).toBe(60);
      } finally {
        await destination.stop();
      }
    });
  }
});

describeDovecot('a server that objects to the way of storing', () => {
  const {source} = meddledServers();

  /** Two mailboxes, one after the other, through a meddler; what each was refused. */
  async function carryTwo(can: DovecotOptions, objects: Parameters<typeof meddleWithCommands>[0]) {
    const lesser = await startDovecot(can);
    let refused = 0;
    const line = await startMeddler(
      lesser.imapPort,
      meddleWithCommands(command => {
        const says = isAppend(command.text) ? objects(command) : undefined;
        if (says !== undefined) refused++;
        return says;
      }),
    );
    try {
      const each: number[] = [];
      const users = ['one@vault.example', 'two@vault.example'];
      const run = await runEngine(
        users.map((to, request) => job({server: source(), user}, {server: line, user: to}, {request})),
        {
          mailboxes: 1,
          on: event => {
            if (event.type === 'request-finished')
              each.push(refused - each.reduce((all, one) => all + one, 0));
          },
        },
      );
      expect(run.exitCode).toBe(0);
      expect(run.totals).toMatchObject({copied: 700, failed: 0});
      for (const to of users) expect(countMessages(await readMailbox(lesser, to))).toBe(350);
      return each;
    } finally {
      line.close();
      await lesser.stop();
    }
  }

  const notNow = 'BAD Command is not valid in this state.';

  for (const [way, can] of ways.slice(1, 3))
    it.concurrent(`${way}: it is remembered for all mailboxes of the server, and nothing is lost or doubled`, async () => {
      const [first = 0, second] = await carryTwo(can, ({unanswered}) =>
        unanswered > 0 ? notNow : undefined,
      );
      expect(first).toBeGreaterThan(0);
      expect(second).toBe(0);
    });

  it.concurrent('multiappend: a BAD to it as such, and it is not used any more', async () => {
    const [first = 0, second] = await carryTwo({}, ({literals}) =>
      literals.length > 1 ? 'BAD Too many arguments' : undefined,
    );
    expect(first).toBeGreaterThan(0);
    expect(second).toBe(0);
  });

  it.concurrent('multiappend: a server that fails at every batch is given one message at a time', async () => {
    const [first = 0] = await carryTwo({}, ({literals}) =>
      literals.length > 1 ? 'NO [SERVERBUG] Internal error occurred.' : undefined,
    );
    expect(first).toBeGreaterThan(0);
  });

  it.concurrent('everything but one at a time, one objection after the other', async () => {
    const [first = 0] = await carryTwo({}, ({literals, unanswered}) =>
      literals.length > 1 ? 'BAD Too many arguments' : unanswered > 0 ? notNow : undefined,
    );
    expect(first).toBeGreaterThan(0);
  });
});
