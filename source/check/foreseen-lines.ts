// The messages that the destination will refuse, one by one, as text: a line each, why, and what to do, said once for
// all that have the same reason. Pure.
import type {Foreseen} from '../engine/look/inspection.ts';
import {formatBytes} from '../format/bytes.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatDay} from '../format/date.ts';
import {cellWidth} from '../format/fit.ts';
import {exact, foreign, short, wrapText} from '../ui/cells.ts';
import {symbols} from '../ui/theme.ts';
import {unbroken} from './one-line.ts';

/** Named on a terminal; check-messages.csv has more. */
const mostNamed = 20;

/** By reason, the most frequent first. */
function foreseenByReason(foreseen: readonly Foreseen[]): readonly (readonly Foreseen[])[] {
  const groups = new Map<string, Foreseen[]>();
  for (const each of foreseen) {
    const group = groups.get(each.problem.code);
    if (group === undefined) groups.set(each.problem.code, [each]);
    else group.push(each);
  }
  return [...groups.values()].sort((one, other) => other.length - one.length);
}

/** 'INBOX', '2020-10-01', '41.2 MB' and the subject, in columns. */
export function foreseenColumns({folder, message}: Foreseen, width: number): string {
  const {date, size, subject} = message;
  const whole = width === unbroken ? cellWidth(foreign(folder)) : 8;
  const folderWidth = Math.max(whole, Math.min(24, Math.floor(width / 4)));
  const day = width < 70 ? '' : `  ${formatDay(date).padEnd(10)}`;
  const bytes = (size === undefined ? '' : formatBytes(size)).padStart(9);
  const head = `${exact(foreign(folder), folderWidth, {ellipsis: 'middle'})}${day} ${bytes}  `;
  const text = foreign(subject ?? '');
  return `${head}${short(text === '' ? `no subject, uid ${message.uid}` : text, Math.max(8, width - head.length))}`;
}

/** @param inAll with those that are not among `foreseen` */
export function foreseenLines(foreseen: readonly Foreseen[], inAll: number, width: number): string[] {
  if (foreseen.length === 0) return [];
  const lines: string[] = ['', `${countOf(inAll, 'message')} that the destination will refuse:`];
  let left = mostNamed;
  const room = Math.max(30, width - 6);
  for (const group of foreseenByReason(foreseen)) {
    if (left <= 0) break;
    const [first] = group;
    if (first === undefined) continue;
    for (const each of group.slice(0, left)) {
      const about = `  ${foreseenColumns(each, width - 2)}`;
      if (width === unbroken) {
        lines.push(`${about}: ${foreign(each.problem.sentence)}`);
        continue;
      }
      lines.push(about);
      lines.push(...wrapText(foreign(each.problem.sentence), room, 3).map(text => `      ${text}`));
    }
    left -= group.length;
    if (first.problem.nextStep !== undefined)
      lines.push(
        ...wrapText(foreign(first.problem.nextStep), room, Number.POSITIVE_INFINITY).map(
          (text, index) => `    ${index === 0 ? symbols.arrow : ' '} ${text}`,
        ),
      );
  }
  const more = inAll - Math.min(mostNamed, foreseen.length);
  if (more > 0)
    lines.push(
      `  and ${formatCount(more)} more: see check-messages.csv${inAll > foreseen.length ? `, which names the first ${formatCount(foreseen.length)}` : ''}`,
    );
  return lines;
}
