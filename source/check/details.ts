// The check of one mailbox as text, every folder named. Pure.
import {cleanText} from '../engine/clean.ts';
import {formatBytes} from '../format/bytes.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatForecast} from '../format/duration.ts';
import {foreseenLines} from './foreseen-lines.ts';
import {type Checked, isReached, rowOf} from './row.ts';

/** @param width columns of the terminal */
export function detailLines(checked: Checked, width: number): string[] {
  const {inspection, what} = checked;
  const {source, destination, folders, problems, foreseen = []} = inspection;
  const row = rowOf(checked);
  const lines = [`${row.state === 'ready' ? 'ok  ' : 'FAIL'}  ${cleanText(what.title)}`];
  if (source !== undefined)
    lines.push(
      `      source       ${cleanText(source.login)} at ${source.server}: ${countOf(source.folders, 'folder')}, ${countOf(source.messages, 'message')}`,
    );
  if (destination !== undefined) {
    const free = destination.freeBytes === undefined ? '' : `, ${formatBytes(destination.freeBytes)} free`;
    const most =
      destination.largestMessage === undefined
        ? ''
        : `, messages up to ${formatBytes(destination.largestMessage)}`;
    lines.push(`      destination  ${cleanText(destination.login)} at ${destination.server}${free}${most}`);
  }
  if (isReached(inspection))
    lines.push(
      `      to copy      ${countOf(row.messages, 'message')}, ${formatBytes(row.bytes)}, from ${formatCount(row.selectedFolders)} of ${countOf(folders.length, 'folder')}`,
    );
  if (row.forecast !== undefined)
    lines.push(`      time         ${formatForecast(row.forecast.low, row.forecast.high)}`);
  for (const folder of folders) {
    const size = folder.bytes === undefined ? '' : formatBytes(folder.bytes);
    const fate = folder.selected ? `→ ${folder.destination}` : (folder.reason ?? '');
    lines.push(
      `      ${folder.selected ? '[x]' : '[ ]'} ${cleanText(folder.source).padEnd(28)} ${formatCount(folder.messages).padStart(8)} ${size.padStart(9)}  ${cleanText(fate)}`,
    );
    for (const note of folder.notes) lines.push(`          ${cleanText(note)}`);
  }
  for (const each of [...problems].sort((one, other) => rank(one) - rank(other))) {
    lines.push(`      ${each.verdict === 'stop' ? 'problem' : 'note'}: ${each.sentence}`);
    if (each.nextStep !== undefined) lines.push(`        ${each.nextStep}`);
    if (each.link !== undefined) lines.push(`        ${each.link}`);
    if (each.detail !== undefined) lines.push(`        (${each.detail})`);
  }
  lines.push(...foreseenLines(foreseen, inspection.foreseenInAll ?? foreseen.length, width));
  return lines;
}

const rank = ({verdict}: {readonly verdict: string}) => (verdict === 'stop' ? 0 : 1);
