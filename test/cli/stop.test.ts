// Asked to stop, a run finishes what is in flight and can go on later; asked twice, it ends at once. Over a line that is held
// meanwhile, so that there is something to stop.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {countMessages, expectSameMail, fill, type Mailbox, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {ownDomain} from '../helpers/own-domain.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {type SlowProxy, startSlowProxy} from '../servers/slow-proxy.ts';
import {type JsonLine, jsonLines, lastSummary, newPlace, requestRow} from './place.ts';

const copied = /"type":"messages-copied"/;

const reported = (lines: readonly JsonLine[]) =>
  lines.reduce((sum, line) => (line.type === 'messages-copied' ? sum + line.messages : sum), 0);

describeDovecot('a run that is asked to stop', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let mail: Mailbox;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    const folders = fillTree([['INBOX'], ['Sent Items'], ['Projects'], ['Archive', '2019']], {
      seed: 21,
      messages: 200,
      bigBytes: 600_000,
    });
    for (const user of ['once', 'twice', 'term', 'plain']) await fill(source, `${user}@baya.com`, folders);
    mail = await readMailbox(source, 'once@baya.com');
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  type AtEnd = (work: () => void | Promise<void>) => void;

  async function slowRun(user: string, atEnd: AtEnd, output = 'jsonl') {
    const line: SlowProxy = await startSlowProxy({port: destination.imapPort, bytesPerSecond: 600_000});
    atEnd(() => line.close());
    const place = newPlace(atEnd);
    const domain = ownDomain();
    const row = requestRow(source, line, user, {'Destination domain': domain});
    const args = [...['run', place.csv([row]), '--yes'], ...['--output', output, '--connections', '2']];
    return {place, args, line, arrived: `${user}@${domain}`, run: place.start(args)};
  }

  const placeOf = (path: string) => `Data17012018/${path}`;

  async function expectExactAfterRerun({place, args, line, arrived}: Awaited<ReturnType<typeof slowRun>>) {
    line.release();
    const again = await place.run(args.with(args.indexOf('--output') + 1, 'jsonl'));
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(jsonLines(again.stdout).at(-1)).toMatchObject({
      totals: {selected: countMessages(mail), failed: 0},
    });
    const found = await readMailbox(destination, arrived);
    expectSameMail(mail, found, placeOf);
    expect(countMessages(found)).toBe(countMessages(mail));
    return again;
  }

  it.concurrent.for([
    ['SIGINT', 'once'],
    ['SIGTERM', 'term'],
  ] as const)(
    'by %s finishes what is in flight, ends with 130, and goes on later',
    async ([signal, user], {onTestFinished}) => {
      const slow = await slowRun(user, onTestFinished);
      await slow.run.waitForOutput(copied);
      slow.line.hold();
      slow.run.child.kill(signal);
      await slow.run.waitForOutput('"how":"finish"');
      slow.line.release();
      const {code, stdout, stderr} = await slow.run.done;
      expect([code, stderr]).toEqual([
        130,
        'Stopping: what is in flight is finished. Once more to stop now.\n',
      ]);
      const lines = jsonLines(stdout);
      expect(lines.find(line => line.type === 'stopping')).toMatchObject({how: 'finish'});
      expect(lines.at(-1)).toMatchObject({type: 'run-finished', exitCode: 130});
      expect(lines.some(line => line.type === 'request-state' && line.state === 'Stopped')).toBe(true);
      // Nothing half-done: what it says is copied is what is there, and it is not all.
      const there = countMessages(await readMailbox(destination, slow.arrived));
      expect(there).toBe(reported(lines));
      expect(there).toBeGreaterThan(0);
      expect(there).toBeLessThan(countMessages(mail));
      expect(lastSummary(slow.place)).toMatchObject({exitCode: 130, totals: {copied: there}});
      expect((await slow.place.run(['runs'])).stdout).toContain('stopped');

      const again = await expectExactAfterRerun(slow);
      expect(reported(jsonLines(again.stdout))).toBe(countMessages(mail) - there);
    },
  );

  it.concurrent('twice ends at once with 130, and goes on later', async ({onTestFinished}) => {
    const slow = await slowRun('twice', onTestFinished);
    await slow.run.waitForOutput(copied);
    // What is in flight cannot arrive any more.
    slow.line.hold();
    slow.run.child.kill('SIGINT');
    await slow.run.waitForOutput('"how":"finish"');
    slow.run.child.kill('SIGINT');
    const {code, stdout, stderr} = await slow.run.done;
    expect(code).toBe(130);
    expect(stderr).toContain('Stopping now. Run it again to go on.');
    const lines = jsonLines(stdout);
    expect(lines.filter(line => line.type === 'stopping').map(line => line.how)).toEqual(['finish', 'abort']);
    await expectExactAfterRerun(slow);
  });

  it.concurrent('says so in plain words', async ({onTestFinished}) => {
    const slow = await slowRun('plain', onTestFinished, 'plain');
    await slow.run.waitForOutput('Processing');
    slow.line.hold();
    slow.run.child.kill('SIGINT');
    await slow.run.waitForOutput('stopping: ');
    slow.line.release();
    const {code, stdout, stderr} = await slow.run.done;
    expect([code, stderr]).toEqual([
      130,
      'Stopping: what is in flight is finished. Once more to stop now.\n',
    ]);
    expect(stdout).toContain('stopping: what is in flight is finished first');
    expect(stdout).toMatch(/[Rr]un it again to go on/);
    await expectExactAfterRerun(slow);
  });
});
