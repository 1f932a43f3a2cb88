// How many connections there are, where one mailbox is copied and where many are, against real Dovecots.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {firstLanes} from '../../../source/engine/copy/pair.ts';
import {job, runEngine} from '../../helpers/engine.ts';
import {fill} from '../../helpers/mail.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {startMeddler} from '../../servers/meddler.ts';

describeDovecot('connections', () => {
  let source: Dovecot;
  let destination: Dovecot;
  beforeAll(async () => {
    const format = 'mdbox';
    [source, destination] = await Promise.all([startDovecot({format}), startDovecot({format})]);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  it('among several mailboxes with little mail each has one connection to each end, and none is opened that is not used', async () => {
    const names = ['ann', 'ben', 'cid'];
    let greeted = 0;
    let letIn = 0;
    const line = await startMeddler(source.imapPort, {
      down: chunk => {
        const text = chunk.toString('latin1');
        if (text.startsWith('* OK') && text.includes('ready')) greeted++;
        if (/ OK .*Logged in/.test(text)) letIn++;
        return false;
      },
    });
    try {
      for (const [at, name] of names.entries())
        await fill(
          source,
          `${name}@baya.com`,
          ['INBOX', 'Sent', 'Trips', 'Club'].map((folder, index) => ({
            path: [folder],
            messages: plainMail(4, 8000 + at * 10 + index),
          })),
        );
      const run = await runEngine(
        names.map((name, request) =>
          job(
            {server: line, user: `${name}@baya.com`},
            {server: destination, user: `${name}@vault.example`},
            {request},
          ),
        ),
        {limits: {connections: 6}},
      );
      expect([run.exitCode, run.totals.copied]).toEqual([0, 48]);
      expect({greeted, letIn}).toEqual({greeted: 3, letIn: 3});
    } finally {
      line.close();
    }
  });

  it('small folders that have to go alone get lanes of their own', async () => {
    const users = ['ida', 'jon'];
    for (const [at, user] of users.entries())
      await fill(
        source,
        `${user}@baya.com`,
        Array.from({length: at === 0 ? 8 : 1}, (_, folder) => ({
          path: ['Alone', `Folder ${folder}`],
          messages: plainMail(3, 9000 + folder),
        })),
      );
    // The line breaks as a bunch is opened: its folders go alone then.
    let cut = false;
    const line = await startMeddler(destination.imapPort, {
      line: (text, wire) => {
        if (cut || !/ SELECT .*Folder 3/.test(text)) return false;
        cut = true;
        wire.cut();
        return true;
      },
    });
    // Far away: more than two lanes are wanted.
    let late = 0;
    let step = 60;
    const lanes: number[] = [];
    try {
      const run = await runEngine(
        users.map((user, request) =>
          job(
            {server: source, user: `${user}@baya.com`},
            {server: line, user: `${user}@vault.example`},
            {request},
          ),
        ),
        {
          mailboxes: 1,
          ports: {
            now: () => {
              late += step;
              return Date.now() + late;
            },
          },
          on: event => {
            if (event.type === 'folders-planned') step = 0;
            if (event.type === 'lanes' && event.request === 0) lanes.push(event.lanes);
          },
          limits: {connections: 6},
        },
      );
      expect([run.exitCode, run.totals.copied, cut]).toEqual([0, 27, true]);
      expect(Math.max(...lanes)).toBeGreaterThan(1);
    } finally {
      line.close();
    }
  });

  it('a server that another mailbox has seen near by is near, though many at work keep its answers waiting', async () => {
    const user = 'near@baya.com';
    const folders = Array.from({length: 4}, (_, at) => ({
      path: ['Near', `Folder ${at}`],
      messages: plainMail(200, 6000 + at),
    }));
    await fill(source, user, folders);
    let now = Date.now();
    let step = 1;
    const lanes: number[] = [];
    const run = await runEngine(
      [1, 2].map(request =>
        job({server: source, user}, {server: destination, user: `near${request}@vault.example`}, {request}),
      ),
      {
        mailboxes: 1,
        ports: {
          now: () => {
            now += step;
            return now;
          },
        },
        on: event => {
          // Of the second mailbox every answer takes long, until it is at work.
          if (event.type === 'request-finished' && event.request === 1) step = 60;
          if (event.type === 'folders-planned') step = 0;
          if (event.type === 'lanes' && event.request === 2) lanes.push(event.lanes);
        },
        limits: {connections: 7},
      },
    );
    expect([run.exitCode, run.totals.copied]).toEqual([0, 1600]);
    expect(Math.max(...lanes)).toBe(firstLanes.multiappend.near);
  });

  it('a wrong password is tried once at each end, however many lanes are on their way', async () => {
    const strict = await startDovecot({passwords: {'john@baya.com': 'right'}});
    let greeted = 0;
    let tried = 0;
    const line = await startMeddler(strict.imapPort, {
      line: text => {
        if (/ (AUTHENTICATE|LOGIN) /.test(text)) tried++;
        return false;
      },
      down: chunk => {
        if (chunk.includes('* OK') && chunk.includes('ready')) greeted++;
        return false;
      },
    });
    const unhandled: unknown[] = [];
    const see = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', see);
    try {
      const run = await runEngine(
        [
          job(
            {server: line, user: 'john@baya.com'},
            {server: destination, user: 'x@vault.example'},
            {password: 'pass'},
          ),
        ],
        {limits: {connections: 6}},
      );
      expect(run.exitCode).toBe(4);
      expect(tried).toBe(1);
      // The others had come as far as the greeting.
      expect(greeted).toBeGreaterThan(1);
      await new Promise(done => setImmediate(done));
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', see);
      line.close();
      await strict.stop();
    }
  });
});
