// A run and other terminals: its own may go, another may watch, steer and stop it, and a killed process blocks nobody.
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {runLineSchema} from '../../source/lines/runs-schema.ts';
import {watchRun} from '../../source/live/client.ts';
import {readLive} from '../../source/live/folder.ts';
import {sendLine} from '../../source/live/lines.ts';
import {type Command, type Hello, protocolVersion} from '../../source/live/protocol.ts';
import {countMessages, expectSameMail, fill, type Mailbox, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {ownDomain} from '../helpers/own-domain.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {type SlowProxy, startSlowProxy} from '../servers/slow-proxy.ts';
import {jsonLines, newPlace, type Place, requestRow} from './place.ts';

const copied = /"type":"messages-copied"/;

/** With the state folder that was given: without it the command would find nothing. */
const typed = ({state}: Place, words: string) => `mailferry ${words} --state ${state}`;

describeDovecot('a run and other terminals', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let mail: Mailbox;
  /** Of all that mail. */
  let bytes: number;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    // More than two lanes ask for ahead: two batches of a hundred each.
    const folders = fillTree([['INBOX'], ['Sent Items'], ['Projects']], {seed: 41, messages: 900});
    for (const user of ['hup', 'stop', 'kill', 'lock', 'first', 'then'])
      await fill(source, `${user}@baya.com`, folders);
    mail = await readMailbox(source, 'hup@baya.com');
    bytes = [...mail.values()].flat().reduce((sum, {size}) => sum + size, 0);
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  type AtEnd = (work: () => void | Promise<void>) => void;

  /** A run whose source has stopped speaking in the middle. @param users whose mailboxes are copied in turn */
  async function heldRun(users: readonly string[], atEnd: AtEnd) {
    const line: SlowProxy = await startSlowProxy({port: source.imapPort});
    atEnd(() => line.close());
    // Two batches of a lane are told when it has read the third, and the list of the mail is read beside them.
    line.hold(0.7 * bytes);
    const place = newPlace(atEnd);
    const domain = ownDomain();
    const rows = users.map(user => requestRow(line, destination, user, {'Destination domain': domain}));
    const args = ['run', place.csv(rows), '--yes', '--output', 'jsonl', '--mailboxes', '1'];
    const run = place.start([...args, '--connections', '2']);
    atEnd(() => void run.child.kill('SIGKILL'));
    await run.waitForOutput(copied);
    const [name = ''] = readdirSync(join(place.state, 'runs')).filter(each => !each.endsWith('.json'));
    const folder = join(place.state, 'runs', name);
    const live = readLive(folder);
    if (live === undefined) throw new Error('The run does not listen');
    return {place, run, name, folder, live, line, domain};
  }

  /** One that does not end before it has been looked at: it is paused. */
  async function slowRun(user: string, atEnd: AtEnd) {
    const {line, domain, ...held} = await heldRun([user], atEnd);
    const watched = watchRun(held.live);
    watched.pause();
    await held.run.waitForOutput('"type":"paused"');
    line.release();
    return {...held, watched, arrived: `${user}@${domain}`};
  }

  it.concurrent('goes on to its end when its terminal is gone, and attach tells of it', async ({
    onTestFinished,
  }) => {
    const {place, run, name, watched, arrived} = await slowRun('hup', onTestFinished);
    run.child.kill('SIGHUP');
    const attached = place.start(['attach', name, '--output', 'plain']);
    await attached.waitForOutput(/0 of 1 mailbox done/);
    const lines = place.start(['attach', name, '--output', 'jsonl']);
    await lines.waitForOutput('"type":"run-snapshot"');
    const left = place.start(['attach', '--output', 'plain']);
    await left.waitForOutput(/0 of 1 mailbox done/);
    left.child.kill('SIGINT');
    const goesOn = await left.done;
    expect([goesOn.code, goesOn.stderr]).toEqual([
      0,
      `The run ${name} goes on: ${typed(place, `attach ${name}`)}\n`,
    ]);
    const running = await place.here(['runs']);
    expect(running.stdout).toMatch(new RegExp(`${name} .* paused +0 of 1`));
    const listed = await place.here(['runs', '--output', 'jsonl']);
    const line = runLineSchema.parse(JSON.parse(listed.stdout));
    expect(line).toMatchObject({run: name, state: 'paused', requests: 1, processed: 0, failed: 0});
    watched.resume();
    const {code, stdout, stderr} = await run.done;
    expect([code, stderr]).toEqual([
      0,
      `The terminal is gone, the run goes on: ${typed(place, `attach ${name}`)}\n`,
    ]);
    expect(jsonLines(stdout).at(-1)).toMatchObject({type: 'run-finished', exitCode: 0});
    const followed = await attached.done;
    expect(followed.code).toBe(0);
    expect(followed.stdout).toContain('Every selected message is at the destination.');
    const events = await lines.done;
    const heard = jsonLines(events.stdout);
    expect([events.code, heard[0], heard.at(-1)]).toMatchObject([
      0,
      {type: 'run-snapshot', run: name, paused: true, requests: [{source: 'hup@baya.com'}]},
      {type: 'run-finished', exitCode: 0, totals: {selected: countMessages(mail), failed: 0}},
    ]);
    // What stood at the beginning and what came after is all there was.
    const before = heard[0]?.type === 'run-snapshot' ? heard[0].totals.copied : 0;
    const since = heard.reduce((sum, line) => sum + (line.type === 'messages-copied' ? line.messages : 0), 0);
    expect(before + since).toBe(countMessages(mail));
    expectSameMail(mail, await readMailbox(destination, arrived), path => `Data17012018/${path}`);
    // It can be looked at afterwards too.
    const after = await place.here(['attach', name, '--output', 'plain']);
    expect(after.stdout).toContain('Every selected message is at the destination.');
    const told = await place.here(['attach', name, '--output', 'jsonl']);
    expect(jsonLines(told.stdout)).toMatchObject([
      {type: 'run-snapshot', requests: [{state: 'Processed'}]},
      {type: 'run-finished', exitCode: 0},
    ]);
    const gone = await place.here(['stop', name]);
    expect([gone.code, gone.stderr]).toEqual([2, `The run ${name} has ended already.\n`]);
  });

  it.concurrent('waits for a word, paused and with no connection left, though nobody watches it', async ({
    onTestFinished,
  }) => {
    const {place, run, name, live, line, domain} = await heldRun(['first', 'then'], onTestFinished);
    const asking = connect(live.address);
    sendLine(asking, {version: protocolVersion, token: live.token, orders: true} satisfies Hello);
    sendLine(asking, {do: 'pause', about: 1} satisfies Command);
    await run.waitForOutput('"type":"request-paused"');
    asking.destroy();
    line.release();
    await run.waitForOutput('"state":"Processed"');
    // Each takes longer than a process lives on that has nothing to wait for.
    for (const command of ['runs', 'runs']) {
      const {stdout} = await place.run([command]);
      expect(stdout).toMatch(new RegExp(`${name} .* 1 of 2`));
      expect(stdout).not.toContain('broken off');
    }
    const watched = watchRun(live);
    watched.resume(1);
    expect((await watched.done).exitCode).toBe(0);
    expect((await run.done).code).toBe(0);
    expectSameMail(mail, await readMailbox(destination, `then@${domain}`), path => `Data17012018/${path}`);
  });

  it.concurrent('is stopped from another terminal, which says what happened; resume goes on', async ({
    onTestFinished,
  }) => {
    const {place, run, name, folder, live, arrived} = await slowRun('stop', onTestFinished);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const {address, pid} = live;
    expect(pid).toBe(run.child.pid);
    expect(statSync(address).mode & 0o777).toBe(0o600);
    const busy = await place.here(['resume', name, '--yes', '--no-input']);
    expect([busy.code, busy.stderr]).toEqual([
      2,
      `The run ${name} is still at work (process ${pid}): "${typed(place, `attach ${name}`)}" shows it, "${typed(place, `stop ${name}`)}" stops it.\n`,
    ]);
    const stopped = await place.run(['stop']);
    expect(stopped.code).toBe(0);
    expect(stopped.stderr).toContain(`Stopping ${name} (process ${pid}): what is in flight is finished.`);
    expect(stopped.stdout).toContain('Stopped before the end: ');
    expect((await run.done).code).toBe(130);
    expect(existsSync(address)).toBe(false);
    const resumed = await place.run(['resume', name, '--output', 'jsonl']);
    expect([resumed.code, resumed.stderr]).toEqual([0, '']);
    expectSameMail(mail, await readMailbox(destination, arrived), path => `Data17012018/${path}`);
    const ended = jsonLines(resumed.stdout).at(-1);
    expect(ended).toMatchObject({totals: {selected: countMessages(mail), failed: 0}});
    // What was asked for the first time counts the second time too: --connections 2.
    const records = readdirSync(join(place.state, 'runs'))
      .filter(file => file.endsWith('.json'))
      .map(file => JSON.parse(readFileSync(join(place.state, 'runs', file), 'utf8')));
    expect(records).toHaveLength(2);
    for (const record of records) expect(record).toMatchObject({options: {connections: 2}});
    const complete: {run: string} = records.find(({exitCode}) => exitCode === 0);
    const done = await place.here(['resume', complete.run]);
    expect([done.code, done.stderr.includes('is complete')]).toEqual([2, true]);
  });

  it.concurrent('that was killed is known for it, and blocks nobody', async ({onTestFinished}) => {
    const {place, run, name, live, arrived} = await slowRun('kill', onTestFinished);
    run.child.kill('SIGKILL');
    await run.done;
    // Its socket is still there.
    expect(existsSync(live.address)).toBe(true);
    for (const command of ['attach', 'stop']) {
      const {code, stderr} = await place.here([command, name]);
      expect([code, stderr]).toEqual([
        2,
        `The run ${name} was broken off: its process (${run.child.pid}) is gone. "${typed(place, `resume ${name}`)}" goes on; nothing is copied twice.\n`,
      ]);
    }
    expect((await place.here(['attach'])).stderr).toContain('No run is at work.');
    expect((await place.here(['runs'])).stdout).toMatch(/ broken off +0 of 1 +\d+ of 900 /);
    const resumed = await place.run(['resume', name, '--output', 'jsonl']);
    expect([resumed.code, resumed.stderr]).toEqual([0, '']);
    const found = await readMailbox(destination, arrived);
    expectSameMail(mail, found, path => `Data17012018/${path}`);
    expect(countMessages(found)).toBe(countMessages(mail));
  });

  it.concurrent('names itself to another one that wants its mailboxes, and lets nobody in without the token', async ({
    onTestFinished,
  }) => {
    const {place, run, name, live, watched} = await slowRun('lock', onTestFinished);
    const second = await place.run(['run', join(place.directory, 'users.csv'), '--yes', '--output', 'jsonl']);
    expect(second.code).toBe(3);
    const problem = jsonLines(second.stdout).findLast(line => line.type === 'request-state');
    expect(problem).toMatchObject({
      state: 'Failed',
      problem: {
        code: 'ledger-locked',
        sentence: `The run ${name} (process ${run.child.pid}) is working on these two mailboxes.`,
        nextStep: `Wait until it has ended, or stop it: ${typed(place, `stop ${name}`)}`,
      },
    });
    // The sentence says it all.
    expect(problem).not.toHaveProperty('problem.detail');
    const stranger = watchRun({...live, token: 'guessed'});
    stranger.stop();
    await expect(stranger.done).rejects.toThrow('broke off');
    expect(stranger.store.getSnapshot().run).toBe('');
    // Whoever wants no words gets none.
    expect(await place.here(['stop', '--output', 'quiet'])).toMatchObject({code: 0, stdout: '', stderr: ''});
    expect((await watched.done).exitCode).toBe(130);
    const {code, stdout} = await run.done;
    expect(code).toBe(130);
    expect(jsonLines(stdout).filter(line => line.type === 'stopping')).toHaveLength(1);
  });
});
