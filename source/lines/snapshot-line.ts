// How a run stands, as one JSON line. Pure.
import {eventVersion} from '../engine/events.ts';
import type {FolderSnapshot, RequestSnapshot, Snapshot} from '../progress/snapshot.ts';
import type {RunSnapshotLine} from './snapshot-schema.ts';

/** @param at when it stood so, ms since 1970 */
export function snapshotLine(snapshot: Snapshot, at: number): RunSnapshotLine {
  const {run, dryRun, startedAt, mailboxes, paused, stopping, totals, notes = []} = snapshot;
  const {selectedBytes, doneBytes, counted} = snapshot;
  return {
    ...{version: eventVersion, type: 'run-snapshot', at, run, dryRun, startedAt},
    ...(mailboxes === undefined ? {} : {mailboxes}),
    paused,
    ...(stopping === undefined ? {} : {stopping}),
    ...{totals, selectedBytes, doneBytes, counted, notes},
    requests: snapshot.requests.map(requestOf),
  };
}

function requestOf(about: RequestSnapshot): RunSnapshotLine['requests'][number] {
  const {request, title, type, source, sourceServer, destination, destinationServer} = about;
  const {destinationFolder, state, problem, notes, counts, selectedBytes, doneBytes, counted} = about;
  const {paused = false, stopping, waits, startedAt, endedAt} = about;
  return {
    ...{request, title, type, source, sourceServer, destination, destinationServer, destinationFolder, state},
    ...(problem === undefined ? {} : {problem}),
    ...{notes, counts, selectedBytes, doneBytes, counted, paused},
    ...(stopping === undefined ? {} : {stopping}),
    waits: waits.map(({end, until, problem: why}) => ({end, until, problem: why})),
    ...(startedAt === undefined ? {} : {startedAt}),
    ...(endedAt === undefined ? {} : {endedAt}),
    folders: about.folders.map(folderOf),
  };
}

function folderOf(about: FolderSnapshot): RunSnapshotLine['requests'][number]['folders'][number] {
  const {folder, source, destination, selected, reason, notes, messages, state, problem} = about;
  const {counts, selectedBytes, doneBytes, counted} = about;
  return {
    ...{folder, source, destination, selected},
    ...(reason === undefined ? {} : {reason}),
    ...(messages === undefined ? {} : {messages}),
    ...{notes, state, counts, selectedBytes, doneBytes, counted},
    ...(problem === undefined ? {} : {problem}),
  };
}
