// What the reports of killed and of whole runs say: that they are whole where they say so, that the counts add up, and
// that each message of the source is named once, with what became of it.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import type {Mailbox} from '../helpers/mail.ts';

/** Of a request, as summary.json has it. */
export type RequestEnd = {
  readonly state: string;
  readonly selected: number;
  readonly copied: number;
  readonly alreadyPresent: number;
  readonly skipped: number;
  readonly failed: number;
  readonly problem?: {readonly sentence: string};
};

/** A line of messages.csv, by its columns. */
export type MessageLine = Readonly<
  Record<'request' | 'result' | 'source folder' | 'source uid' | 'destination uid', string>
>;

export type ReportedEnds = {
  readonly requests: readonly RequestEnd[];
  readonly messages: readonly MessageLine[];
};

/** What a request is to come to. */
export type ExpectedEnd = {
  /** Everything that is selected. */
  readonly source: Mailbox;
  readonly skipped: number;
  readonly failed: number;
};

/** @param folder of one run */
export function readReport(folder: string): ReportedEnds {
  const {requests} = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as {
    requests: readonly RequestEnd[];
  };
  const messages: readonly MessageLine[] = parse(readFileSync(join(folder, 'messages.csv')), {
    bom: true,
    columns: true,
  });
  return {requests, messages};
}

const results = {
  copied: 'copied',
  'already present': 'alreadyPresent',
  skipped: 'skipped',
  failed: 'failed',
} as const;

const isOfSource = ({result}: MessageLine) => Object.hasOwn(results, result);

/** Where the counts of a request do not add up, or its messages are not as many by result. Pure. */
export function miscounted({requests, messages}: ReportedEnds, index: number): string[] {
  const end = requests[index];
  if (end === undefined) return ['it is not in the report'];
  const {selected, copied, alreadyPresent, skipped, failed} = end;
  const own = messages.filter(each => each.request === String(index + 1));
  return [
    ...(copied + alreadyPresent + skipped + failed === selected
      ? []
      : [`${copied} + ${alreadyPresent} + ${skipped} + ${failed} are not ${selected}`]),
    ...Object.entries(results).flatMap(([result, count]) => {
      const named = own.filter(each => each.result === result).length;
      return named === end[count] ? [] : [`messages.csv names ${named} as ${result}, not ${end[count]}`];
    }),
  ];
}

/** Messages of the source that the lines of a request do not name exactly once, and lines of others. Pure. */
export function misnamed(messages: readonly MessageLine[], index: number, source: Mailbox): string[] {
  const left = new Map<string, number>();
  for (const [folder, all] of source) for (const {uid} of all) left.set(`${folder} ${uid}`, 1);
  for (const line of messages) {
    if (line.request !== String(index + 1) || !isOfSource(line)) continue;
    const name = `${line['source folder']} ${line['source uid']}`;
    left.set(name, (left.get(name) ?? 0) - 1);
  }
  const wrong = [...left].filter(([, times]) => times !== 0);
  return wrong.map(([name, times]) => `messages.csv names ${name} ${times > 0 ? 'nowhere' : 'too often'}`);
}

/** @param nothing it had nothing to do */
export function mistakesOf(
  name: string,
  report: ReportedEnds,
  index: number,
  {source, skipped, failed}: ExpectedEnd,
  nothing: boolean,
): string[] {
  const end = report.requests[index];
  if (end === undefined) return [`${name} does not name it`];
  const selected = [...source.values()].flat().length;
  const right =
    end.state === 'Processed' &&
    end.selected === selected &&
    end.skipped === skipped &&
    end.failed === failed &&
    !(nothing && end.copied > 0);
  const {state, copied, problem} = end;
  return [
    ...(right
      ? []
      : [
          `${name} ended ${state}: ${end.selected} selected, ${copied} copied, ${end.skipped} skipped, ` +
            `${end.failed} failed; ${problem?.sentence ?? ''}`,
        ]),
    ...[...miscounted(report, index), ...misnamed(report.messages, index, source).slice(0, 3)].map(
      what => `${name}: ${what}`,
    ),
  ];
}

const reportFiles = ['messages.csv', 'requests.csv', 'folders.csv', 'report.html'];

/** Reports below the folder that say they are whole and are not. */
export function brokenReports(reports: string): string[] {
  const names = existsSync(reports) ? readdirSync(reports) : [];
  return names.flatMap(name => {
    const folder = join(reports, name);
    const summary = join(folder, 'summary.json');
    if (!existsSync(summary)) return [];
    let exitCode: unknown;
    try {
      ({exitCode} = JSON.parse(readFileSync(summary, 'utf8')) as {exitCode: unknown});
    } catch (error) {
      return [`${name}/summary.json cannot be read: ${error}`];
    }
    if (typeof exitCode !== 'number') return [];
    const missing = reportFiles.filter(file => !existsSync(join(folder, file)));
    if (missing.length > 0) return missing.map(file => `${name} says that it is whole and has no ${file}`);
    try {
      const report = readReport(folder);
      return report.requests.flatMap((_, index) =>
        miscounted(report, index).map(what => `${name} says that it is whole, and ${what}`),
      );
    } catch (error) {
      return [`${name} says that it is whole and cannot be read: ${error}`];
    }
  });
}
