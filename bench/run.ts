// npm run bench: mailferry beside every peer on this machine, on the same servers, with the same mail, in turn.
import {type Contender, findContenders, onSameConnections} from './contenders.ts';
import {type Corpus, foldersCorpus, inboxCorpus, mailboxCorpus, mixedCorpus, smallCorpus} from './corpus.ts';
import {limitName, measureLimit} from './limit.ts';
import {machineText} from './machine.ts';
import type {Taken} from './measure.ts';
import {type BenchOptions, readOptions, usage} from './options.ts';
import {type Kind, Place} from './place.ts';
import {screenCost} from './screen.ts';
import {copyHeader, copyRows, figure, median, tableText} from './table.ts';

type Bench = {
  readonly place: Place;
  readonly options: BenchOptions;
  readonly contenders: readonly Contender[];
};

const print = (text: string) => process.stdout.write(`${text}\n`);
const tell = (text: string) => process.stderr.write(`${text}\n`);

/** Keeps the rounds of the others beside each other where one fails. */
const nothing: Taken = {seconds: Number.NaN, cpuSeconds: Number.NaN, peakMb: Number.NaN};

function failed(what: string, error: unknown): void {
  process.exitCode = 1;
  tell(`${what}: ${String(error).slice(0, 2_000)}`);
}

/** Every contender in turn, round after round, each to a fresh mailbox; what is there afterwards is compared. */
async function copyCase(
  bench: Bench,
  title: string,
  corpus: Corpus,
  rtt: number,
  kind: Kind = 'usual',
  mailboxes = 1,
) {
  const {place, options, contenders} = bench;
  const rounds = new Map(contenders.map(({name}) => [name, [] as Taken[]]));
  const differing = new Set<string>();
  // A server that takes less is its own limit.
  if (kind === 'usual') rounds.set(limitName, []);
  for (let round = 1; round <= options.rounds; round += 1) {
    if (kind === 'usual') rounds.get(limitName)?.push(await limitOf(bench, corpus, rtt));
    for (const contender of contenders) {
      const copy = await place.newCopy(contender, corpus, rtt, kind, mailboxes);
      let taken = nothing;
      try {
        taken = await copy.run();
        tell(`${title}, round ${round}, ${contender.name}: ${taken.seconds.toFixed(2)} s`);
        if (round === options.rounds) await copy.check();
      } catch (error) {
        differing.add(contender.name);
        failed(`${title}, ${contender.name}`, error);
      } finally {
        rounds.get(contender.name)?.push(taken);
        copy.end();
      }
    }
  }
  print(`\n### ${title}\n`);
  print(
    tableText(
      copyHeader,
      copyRows(rounds, {messages: corpus.messages * mailboxes, bytes: corpus.bytes * mailboxes}, limitName),
    ),
  );
  print(
    differing.size === 0
      ? 'All copies equal the source.'
      : `FAILED or not equal: ${[...differing].join(', ')}`,
  );
}

async function limitOf({place, options, contenders}: Bench, corpus: Corpus, rtt: number): Promise<Taken> {
  const [mailferry] = contenders;
  if (mailferry === undefined) return nothing;
  const copy = await place.newCopy(mailferry, corpus, rtt, 'usual');
  try {
    return await measureLimit(copy, options.timeoutMs);
  } catch (error) {
    failed(limitName, error);
    return nothing;
  } finally {
    copy.end();
  }
}

/** A second run of a copy that is complete: the whole program, from its start to its end. */
async function nothingNew({place, options, contenders}: Bench) {
  const corpus = smallCorpus(options.messages.small);
  const rows: string[][] = [];
  for (const contender of contenders) {
    const cells: string[] = [];
    let peak = 0;
    for (const rtt of options.rtts) {
      const copy = await place.newCopy(contender, corpus, rtt, 'usual');
      try {
        await copy.run();
        const passes: Taken[] = [];
        for (let round = 0; round < options.rounds; round += 1) passes.push(await copy.run());
        cells.push(median(passes.map(taken => taken.seconds)).toFixed(2));
        peak = Math.max(peak, ...passes.map(taken => taken.peakMb));
        await copy.check();
      } catch (error) {
        cells.push('failed');
        failed(`nothing new, ${rtt} ms, ${contender.name}`, error);
      } finally {
        copy.end();
      }
    }
    rows.push([contender.name, ...cells, figure(peak)]);
    tell(`nothing new, ${contender.name}: ${cells.join(' ')} s`);
  }
  print(`\n### Nothing new, ${corpus.messages} messages, whole process, seconds\n`);
  print(tableText(['', ...options.rtts.map(rtt => `${rtt} ms`), 'peak MB'], rows));
}

async function memorySeries({place, options, contenders}: Bench) {
  const [mailferry] = contenders;
  if (mailferry === undefined) return;
  const rows: string[][] = [];
  for (const messages of options.series) {
    const corpus = smallCorpus(messages);
    const copy = await place.newCopy(mailferry, corpus, 0, 'usual');
    try {
      const first = await copy.run();
      const second = await copy.run();
      await copy.check();
      rows.push([
        String(messages),
        ...[first.peakMb, messages / first.seconds, second.peakMb].map(value => value.toFixed(0)),
        second.seconds.toFixed(2),
      ]);
      tell(`memory, ${messages} messages: ${first.peakMb.toFixed(0)} MB`);
    } catch (error) {
      failed(`memory, ${messages} messages`, error);
    } finally {
      copy.end();
    }
  }
  print('\n### Memory of mailferry\n');
  print(tableText(['messages', 'peak MB', 'msg/s', 'nothing new: peak MB', 's'], rows));
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  const contenders = findContenders(options.tools);
  const place = new Place(options.timeoutMs);
  const bench = {place, options, contenders};
  const interrupted = () => void place.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  print(
    `${new Date().toISOString().slice(0, 16)}Z, ${machineText()}, Node ${process.version}; ${options.rounds} rounds`,
  );
  try {
    const small = smallCorpus(options.messages.small);
    const inbox = inboxCorpus(options.messages.small);
    const mixed = mixedCorpus(options.messages.mixed);
    const folders = foldersCorpus(options.messages.folders);
    const mailbox = mailboxCorpus();
    const named = (corpus: Corpus) =>
      `${corpus.name}: ${corpus.messages} messages, ${(corpus.bytes / 1e6).toFixed(0)} MB`;
    for (const part of options.parts) {
      if (part === 'nothing-new') await nothingNew(bench);
      else if (part === 'memory') await memorySeries(bench);
      else if (part === 'screen') {
        if (!(await screenCost(options.rounds, print))) process.exitCode = 1;
      } else
        for (const rtt of options.rtts) {
          if (part === 'small') await copyCase(bench, `${named(small)}, ${rtt} ms`, small, rtt);
          else if (part === 'inbox')
            await copyCase(
              // A folder is one process's.
              {...bench, contenders: contenders.filter(({processes}) => processes === 1)},
              `${named(inbox)} in one folder, ${rtt} ms`,
              inbox,
              rtt,
            );
          else if (part === 'tls')
            await copyCase(bench, `${named(small)}, ${rtt} ms, over TLS`, small, rtt, 'over-tls');
          else if (part === 'mailboxes')
            await copyCase(
              {...bench, contenders: contenders.filter(({oneMailbox}) => oneMailbox !== true)},
              `${options.mailboxes} mailboxes of ${mailbox.messages} messages, ${rtt} ms, over TLS`,
              mailbox,
              rtt,
              'over-tls',
              options.mailboxes,
            );
          else if (part === 'mixed') await copyCase(bench, `${named(mixed)}, ${rtt} ms`, mixed, rtt);
          else if (part === 'folders')
            await copyCase(
              bench,
              `${named(folders)} in ${folders.folders.length} folders, ${rtt} ms`,
              folders,
              rtt,
            );
          else {
            await copyCase(bench, `${named(small)}, ${rtt} ms, no MULTIAPPEND`, small, rtt, 'no-multiappend');
            // A message costs round trips here: far away a tenth says the same in a tenth of the time.
            const few = rtt === 0 ? small : smallCorpus(options.messages.small / 10);
            // A message at a time is what imapflow's own append does too: never slower than that on as many connections.
            const beside = [...contenders, ...onSameConnections(options.tools, few.folders.length)];
            await copyCase(
              {...bench, contenders: beside},
              `${named(few)}, ${rtt} ms, no MULTIAPPEND, no LITERAL+`,
              few,
              rtt,
              'neither',
            );
          }
        }
    }
  } finally {
    await place.close();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
