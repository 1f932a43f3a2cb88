// One long run of the program as a script starts it, mailbox after mailbox: what it keeps of those that are done (journal,
// reports, lines, ledgers) must not fill its memory, nor stay open. The soak sees the engine alone, in many short runs.
import {readdirSync, readFileSync} from 'node:fs';
import {type JsonLine, jsonLines, newPlace, requestRow} from '../cli/place.ts';
import {countMessages, fill, readMailbox} from '../helpers/mail.ts';
import {corpus} from '../helpers/mail-corpus.ts';
import {startDovecot} from '../servers/dovecot.ts';
import {compareMail} from './golden.ts';
import {afterWarmUp, growthOf, notJudged} from './growth.ts';
import type {Part} from './part.ts';

/** Mailboxes for each second that it has. */
const aSecond = 12;
const fewestMailboxes = 100;
/** What may be more at the end than after the warm-up, along a line through all samples: MB, and files. */
const most = {rss: 48, descriptors: 8};
const everyMs = 250;
/** One destination in so many is compared with the source. */
const every = 50;
const user = 'john@baya.com';
const below = 'Data17012018/';

export const long: Part = {
  name: 'long',
  about: 'one run of the program through many mailboxes: nothing may grow with those that are done',
  async run({seed, until, say, tally}) {
    const replay = `npm run torture -- --only long --seed ${seed}`;
    const ends: (() => void)[] = [];
    const [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    try {
      await fill(source, user, [{path: ['INBOX'], messages: corpus(60, {seed, repeats: true})}]);
      const mailbox = await readMailbox(source, user);
      const each = countMessages(mailbox);
      const golden = new Map(
        [...mailbox].filter(([, mail]) => mail.length > 0).map(([path, mail]) => [below + path, mail]),
      );
      const mailboxes = Math.max(fewestMailboxes, Math.round(((until - Date.now()) / 1000) * aSecond));
      tally.planned(mailboxes);
      const place = newPlace(end => ends.push(end));
      const file = place.csv(
        Array.from({length: mailboxes}, (_, index) =>
          requestRow(source, destination, 'john', {'Destination user id': `u${index}`}),
        ),
      );
      const carried = async (nothing: boolean) => {
        const running = place.start(['run', file, '--yes', '--no-input', '--output', 'jsonl'], {
          timeoutMs: 3_600_000,
        });
        const samples = {rss: [] as number[], descriptors: [] as number[]};
        let done = 0;
        running.child.stdout?.on('data', (text: string) => {
          done += text.split('"state":"Processed"').length - 1;
        });
        const timer = setInterval(() => {
          const sample = sampleOf(running.child.pid);
          if (sample === undefined) return;
          samples.rss.push(sample.rss);
          samples.descriptors.push(sample.descriptors);
          say(`${done} of ${mailboxes}, RSS ${Math.round(sample.rss)} MB, ${sample.descriptors} descriptors`);
        }, everyMs);
        const {code, stdout, stderr} = await running.done.finally(() => clearInterval(timer));
        const copied = copiedIn(jsonLines(stdout));
        const wanted = nothing ? 0 : mailboxes * each;
        if (code !== 0 || copied !== wanted)
          tally.failed(
            `${nothing ? 'the run after it' : 'the run'}: exit code ${code}, ${copied} of ${wanted} copied ${stderr}`,
            replay,
          );
        return samples;
      };
      const samples = await carried(false);
      for (let index = 0; index < mailboxes; index++) {
        tally.tried('mailbox');
        if (index % every !== 0) continue;
        const all = await readMailbox(destination, `u${index}@vault.example`);
        const found = new Map([...all].filter(([path]) => path.startsWith(below)));
        const {compared, lost, doubled} = compareMail(golden, found);
        tally.compared(compared);
        tally.lost(lost.length, `mailbox ${index}`);
        tally.doubled(doubled.length, `mailbox ${index}`);
      }
      const unjudged = notJudged(samples.rss);
      if (unjudged !== undefined) tally.failed(unjudged, replay);
      for (const what of ['rss', 'descriptors'] as const) {
        const row = afterWarmUp(samples[what]);
        const growth = growthOf(row);
        const range = `${Math.min(...row).toFixed(0)} to ${Math.max(...row).toFixed(0)}`;
        tally.note(
          `${what} after the warm-up`,
          `${range}, growth ${growth.toFixed(1)} (at most ${most[what]})`,
        );
        if (growth > most[what])
          tally.failed(`${what} grows by ${growth.toFixed(1)} in ${mailboxes} mailboxes`, replay);
      }
      await carried(true);
    } finally {
      await Promise.all([source.stop(), destination.stop()]);
      for (const end of ends) end();
    }
  },
};

/** Memory in MB, and open files; undefined where the process has gone. */
function sampleOf(pid: number | undefined): {rss: number; descriptors: number} | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (kilobytes === undefined) return undefined;
    return {rss: Number(kilobytes) / 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length};
  } catch {
    return undefined;
  }
}

function copiedIn(lines: readonly JsonLine[]): number {
  const last = lines.at(-1);
  return last?.type === 'run-finished' ? last.totals.copied : -1;
}
