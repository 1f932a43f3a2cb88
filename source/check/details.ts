// The check of one mailbox as text, every folder named. Pure; broken between words, as wide as the terminal is, or not
// at all.

import {formatBytes} from '../format/bytes.ts';
import {cleanText} from '../format/clean.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatForecast} from '../format/duration.ts';
import {cellWidth} from '../format/fit.ts';
import {wrapText} from '../ui/cells.ts';
import {symbols} from '../ui/theme.ts';
import {askedOf, isDated, mailWords, sizeWords, withinDates} from './asked.ts';
import {foreseenLines} from './foreseen-lines.ts';
import {isReached} from './may-copy.ts';
import {longestText, oneLine, unbroken} from './one-line.ts';
import {type Checked, rowOf} from './row.ts';

/** Behind 'source', 'destination' and the others. */
const labelled = 19;

/** @param width columns of the terminal; `unbroken` where there is none */
export function detailLines(checked: Checked, width: number): string[] {
  const {inspection, what} = checked;
  const {source, destination, folders, problems, foreseen = []} = inspection;
  const row = rowOf(checked);
  const lines = [`${row.state === 'ready' ? 'ok  ' : 'FAIL'}  ${cleanText(what.title)}`];
  /** `lead` before the first line, what does not fit below it `indent` cells in. */
  const say = (lead: string, text: string, indent = lead.length) => {
    const room = Math.max(20, width - Math.max(indent, lead.length));
    const parts = wrapText(cleanText(text, longestText), room, Number.POSITIVE_INFINITY);
    lines.push(...parts.map((part, index) => `${index === 0 ? lead : ' '.repeat(indent)}${part}`));
  };
  const fact = (label: string, text: string) => say(`      ${label}`.padEnd(labelled), text);
  if (source !== undefined)
    fact(
      'source',
      `${source.login} at ${source.server}: ${countOf(source.folders, 'folder')}, ${countOf(source.messages, 'message')}`,
    );
  if (destination !== undefined) {
    const free = destination.freeBytes === undefined ? '' : `, ${formatBytes(destination.freeBytes)} free`;
    const most =
      destination.largestMessage === undefined
        ? ''
        : `, messages up to ${formatBytes(destination.largestMessage)}`;
    fact('destination', `${destination.login} at ${destination.server}${free}${most}`);
  }
  if (isReached(inspection))
    fact(
      'to copy',
      `${mailWords(row)}${isDated(what) ? ` ${withinDates}` : ''}${sizeWords(row)}, from ${formatCount(row.selectedFolders)} of ${countOf(folders.length, 'folder')}`,
    );
  if (row.forecast !== undefined) fact('time', formatForecast(row.forecast.low, row.forecast.high));
  for (const folder of folders) {
    const counted = folder.selected ? askedOf(folder, what) : folder;
    const messages = counted === undefined ? '' : formatCount(counted.messages);
    const size = counted?.bytes === undefined ? '' : formatBytes(counted.bytes);
    const fate = cleanText(
      folder.selected ? `${symbols.arrow} ${folder.destination}` : (folder.reason ?? ''),
    );
    const head = `      ${folder.selected ? '[x]' : '[ ]'} ${cleanText(folder.source).padEnd(28)} ${messages.padStart(8)} ${size.padStart(9)}`;
    if (cellWidth(head) + 2 + cellWidth(fate) <= width) lines.push(`${head}  ${fate}`);
    // A path stays whole.
    else if (folder.selected) lines.push(head, `            ${fate}`);
    else {
      lines.push(head);
      say(' '.repeat(12), fate);
    }
    for (const note of folder.notes) say(' '.repeat(10), note);
  }
  for (const each of [...problems].sort((one, other) => rank(one) - rank(other))) {
    const lead = `      ${each.verdict === 'stop' ? 'problem' : 'note'}: `;
    if (width === unbroken) {
      lines.push(lead + oneLine(each));
      continue;
    }
    say(lead, each.sentence, 8);
    if (each.nextStep !== undefined) say(' '.repeat(8), each.nextStep);
    // Whole, so that it can be clicked or copied; a terminal breaks it by itself.
    if (each.link !== undefined) lines.push(`        ${each.link}`);
    if (each.detail !== undefined) say(' '.repeat(8), `(${each.detail})`);
  }
  lines.push(...foreseenLines(foreseen, inspection.foreseenInAll ?? foreseen.length, width));
  return lines;
}

const rank = ({verdict}: {readonly verdict: string}) => (verdict === 'stop' ? 0 : 1);
