// Writes a run's report. The folder and a first summary are there before anything is copied, so that a disk that
// cannot take the report is found while that costs nothing. Rows of messages go to disk as they come; at the end
// each file is replaced as a whole.
import {join} from 'node:path';
import type {MessageRow} from '../engine/look/listing.ts';
import type {PassPoint} from '../engine/points.ts';
import {emptySnapshot, reduce} from '../progress/reduce.ts';
import type {RequestSnapshot, Snapshot} from '../progress/snapshot.ts';
import {byteOrderMark, csvLine, foldersCsv, messageColumns, messageLine, requestsCsv} from './csv.ts';
import {lostMessages, type RunInfo, reportOf} from './data.ts';
import {type Disk, type Growing, nodeDisk} from './disk.ts';
import {reportHtml} from './html.ts';
import {summaryJson} from './json.ts';
import {ReportError} from './report-error.ts';

export type ReportWriter = {
  /** The report's folder, absolute. */
  readonly directory: string;
  /**
   * Takes rows of the listing; settles when they are with the system. Rejects where they cannot be written: that is
   * remembered, since nobody gives them again but a new attempt at the request.
   */
  messages(rows: readonly MessageRow[]): Promise<void>;
  /** Forgets the rows of a request (index from 0), before another attempt lists it again. */
  restart(request: number): Promise<void>;
  /**
   * Writes all files and gives the folder. `outcome` where the snapshot has no end yet, since the run's last event
   * names the report and so comes after it. Throws ReportError after it has written what it can, with `incomplete`
   * where only rows of messages.csv are missing: the exit code in its files is then 3 at least. Where a file could not be written it may be called again.
   */
  finish(snapshot: Snapshot, outcome?: RunEnd): Promise<string>;
};

export type RunEnd = {
  readonly exitCode: number;
  /** ms since 1970. */
  readonly endedAt: number;
};

type Part = {readonly path: string; size: number; lost: number; failure?: ReportError};

/**
 * Starts a report in `directory` (the run's own folder, absolute; created with those above it).
 * @throws ReportError where the folder or a file in it cannot be written.
 */
export async function createReport(
  directory: string,
  info: RunInfo,
  {disk = nodeDisk, passed}: {readonly disk?: Disk; readonly passed?: PassPoint} = {},
): Promise<ReportWriter> {
  const partsFolder = join(directory, '.messages');
  const parts = new Map<number, Part>();
  /** The one that was written to last: most often the next rows are its own. */
  let growing: {readonly part: Part; readonly file: Growing} | undefined;
  // Rows of several requests come at once; one write after the other keeps each part whole.
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  }

  async function fileOf(part: Part): Promise<Growing> {
    if (growing?.part === part) return growing.file;
    await closeLast();
    const file = await disk.grow(part.path);
    growing = {part, file};
    return file;
  }

  async function closeLast(): Promise<void> {
    if (growing === undefined) return;
    const {part, file} = growing;
    growing = undefined;
    try {
      await file.close();
    } catch (error) {
      // A disk in the network may say only now that it has not taken all of it.
      part.failure ??= unwritten(error);
    }
  }

  const unwritten = (error: unknown) => new ReportError(join(directory, 'messages.csv'), error, true);

  /** Puts the lines together at once, while what came before is still being written. */
  function append(request: number, rows: readonly MessageRow[]): () => Promise<void> {
    const title = info.requests[request]?.title ?? '';
    const text = rows.map(row => messageLine(row, title, info.run)).join('');
    const lost = rows.filter(row => row.result === 'failed' || row.result === 'skipped').length;
    return async () => {
      const part = parts.get(request) ?? {path: join(partsFolder, `${request + 1}.csv`), size: 0, lost: 0};
      parts.set(request, part);
      try {
        part.size = await (await fileOf(part)).writeAt(part.size, text);
      } catch (error) {
        part.failure ??= unwritten(error);
        throw part.failure;
      }
      part.lost += lost;
    };
  }

  async function* messagesCsv(snapshot: Snapshot): AsyncGenerator<string | Uint8Array> {
    yield byteOrderMark + csvLine(messageColumns);
    for (const request of snapshot.requests) {
      const part = parts.get(request.request);
      if (part !== undefined && part.size > 0) yield* firstBytes(disk.read(part.path), part.size);
      // A request that broke off has no listing: what is known to have failed is named all the same.
      if ((part?.lost ?? 0) > 0) continue;
      for (const row of lostRows(request)) yield messageLine(row, request.title, info.run);
    }
  }

  async function replace(name: string, chunks: Parameters<Disk['replace']>[1]): Promise<void> {
    const path = join(directory, name);
    await attempt(path, async () => {
      const bytes = await disk.replace(path, chunks);
      if ((await disk.size(path)) !== bytes) throw new Error(`${name} is not as long as what was written`);
    });
  }

  await attempt(directory, async () => {
    await disk.makeFolder(directory);
    await disk.remove(partsFolder);
    await disk.makeFolder(partsFolder);
  });
  await replace('summary.json', [summaryJson(reportOf(info, beforeAnything(info)))]);

  return {
    directory,
    messages: async rows => {
      const writes = [...Map.groupBy(rows, row => row.request)].map(([request, own]) => append(request, own));
      await inTurn(async () => {
        for (const write of writes) await write();
        passed?.('rows-written');
      });
    },
    restart: request =>
      inTurn(async () => {
        const part = parts.get(request);
        if (part === undefined) return;
        parts.delete(request);
        await attempt(part.path, async () => {
          await closeLast();
          await disk.remove(part.path);
        });
      }),
    finish: (latest, outcome) =>
      inTurn(async () => {
        await closeLast();
        const lacking = [...parts.values()].find(part => part.failure !== undefined)?.failure;
        const snapshot = withFailure({...latest, ...outcome}, lacking);
        const report = reportOf(info, snapshot);
        const page = reportHtml(report);
        // Beside each other: what they wait for is the disk.
        const written = await Promise.allSettled(
          [
            replace('messages.csv', messagesCsv(snapshot)),
            replace('requests.csv', requestsCsv(report)),
            replace('folders.csv', foldersCsv(report)),
            replace('report.html', [page]),
          ].map(async file => {
            await file;
            passed?.('report-file-written');
          }),
        );
        for (const each of written) if (each.status === 'rejected') throw each.reason;
        // Last: a summary with an exit code says that all files are there.
        await replace('summary.json', [summaryJson(report)]);
        passed?.('summary-written');
        // What is left of the parts harms nobody.
        await disk.remove(partsFolder).catch(() => undefined);
        if (lacking !== undefined) throw lacking;
        return directory;
      }),
  };
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ReportError ? error : new ReportError(path, error);
  }
}

/** Without what a write that failed has left behind the whole rows. */
async function* firstBytes(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

/** A run whose list of mail is not whole did not end well, whatever became of the mail. */
function withFailure(snapshot: Snapshot, failure: ReportError | undefined): Snapshot {
  if (failure === undefined || snapshot.exitCode === undefined) return snapshot;
  return {...snapshot, exitCode: Math.max(3, snapshot.exitCode)};
}

function beforeAnything(info: RunInfo): Snapshot {
  return reduce(emptySnapshot, {
    type: 'run-started',
    version: 1,
    run: info.run,
    dryRun: info.dryRun,
    requests: info.requests,
    at: info.startedAt,
  });
}

function lostRows(request: RequestSnapshot): readonly MessageRow[] {
  return lostMessages(request).map(lost => ({
    request: request.request,
    result: lost.kind,
    sourceFolder: lost.folder,
    sourceUid: lost.message.uid,
    ...(lost.message.date === undefined ? {} : {date: lost.message.date}),
    ...(lost.message.size === undefined ? {} : {size: lost.message.size}),
    ...(lost.message.messageId === undefined ? {} : {messageId: lost.message.messageId}),
    ...(lost.message.subject === undefined ? {} : {subject: lost.message.subject}),
    code: lost.problem.code,
    reason: lost.problem.sentence,
  }));
}
