// The plots of report.html as inline SVG: no script, no font, no picture from elsewhere.
import {formatCount} from '../format/count.ts';
import {formatClock} from '../format/duration.ts';
import type {Timeline} from '../progress/snapshot.ts';
import type {ReportRequest} from './data.ts';
import {html, Markup} from './markup.ts';
import {shownOf} from './shown.ts';

const width = 1040;
const left = 64;
const right = 12;

/** Messages copied over the run, summed up: how far it was at each moment. Nothing where none were copied. */
export function copiedOverTime(timeline: Timeline | undefined): Markup | undefined {
  const messages = timeline?.messages ?? [];
  const total = messages.reduce((sum, count) => sum + count, 0);
  if (timeline === undefined || total === 0 || messages.length < 2) return undefined;
  const height = 220;
  const top = 12;
  const bottom = 28;
  const most = roundUp(total);
  const x = (index: number) => left + (index / messages.length) * (width - left - right);
  const y = (count: number) => height - bottom - (count / most) * (height - top - bottom);
  let sum = 0;
  const points = [`${x(0)},${y(0)}`];
  for (const [index, count] of messages.entries()) {
    sum += count;
    points.push(`${x(index + 1).toFixed(1)},${y(sum).toFixed(1)}`);
  }
  // Numbers of our own making, and more of them than cleaned text may have characters.
  const line = new Markup(points.join(' '));
  const duration = messages.length * timeline.every;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${`${formatCount(total)} messages copied in ${formatClock(duration)}`}">
${[0, 0.5, 1].map(
  share => html`<line class="axis" x1="${left}" x2="${width - right}" y1="${y(most * share)}" y2="${y(most * share)}"/>
<text x="${left - 8}" y="${y(most * share) + 4}" text-anchor="end">${formatCount(most * share)}</text>`,
)}
${[0, 0.5, 1].map(
  share =>
    html`<text x="${x(messages.length * share)}" y="${height - 8}" text-anchor="${['start', 'middle', 'end'][share * 2]}">${formatClock(duration * share)}</text>`,
)}
<polygon class="area" points="${line} ${x(messages.length).toFixed(1)},${y(0)} ${x(0)},${y(0)}"/>
<polyline class="curve" points="${line}"/>
</svg>`;
}

/** What became of each mailbox's messages, the largest first, at most `most` of them. */
export function barsOf(
  requests: readonly ReportRequest[],
  most: number,
  dryRun: boolean,
): Markup | undefined {
  const words = {...barWords, ...(dryRun ? {copied: 'would be copied'} : {})};
  const kinds = new Set<keyof typeof barWords>();
  const shown = requests
    .filter(request => request.selected > 0)
    .sort((one, other) => other.selected - one.selected)
    .slice(0, most);
  const longest = shown[0]?.selected ?? 0;
  if (longest === 0) return undefined;
  const row = 26;
  const label = 260;
  const room = width - label - 90;
  const bars = shown.map((request, index) => {
    const {copied, skipped, failed} = shownOf(request, dryRun);
    const lost = skipped + failed;
    const rest = Math.max(0, request.selected - copied - request.alreadyPresent - lost);
    const y = index * row;
    let x = label;
    const parts = (
      [
        ['copied', copied],
        ['already', request.alreadyPresent],
        ['lost', lost],
        ['rest', rest],
      ] as const
    ).map(([kind, count]) => {
      // A single lost message among many thousands must still be seen.
      const long = count === 0 ? 0 : Math.max((count / longest) * room, kind === 'lost' ? 3 : 0.5);
      const part = html`<rect class="${kind}" x="${x.toFixed(1)}" y="${y + 4}" width="${long.toFixed(1)}" height="16"><title>${`${formatCount(count)} ${words[kind]}`}</title></rect>`;
      x += long;
      if (count > 0) kinds.add(kind);
      return count === 0 ? undefined : part;
    });
    return html`<text x="${label - 10}" y="${y + 17}" text-anchor="end">${shortened(request.source)}</text>${parts}<text x="${(x + 8).toFixed(1)}" y="${y + 17}">${formatCount(request.selected)}</text>
`;
  });
  return html`<svg viewBox="0 0 ${width} ${shown.length * row}" role="img" aria-label="Messages of each mailbox">
${bars}</svg>
<ul class="legend">${(['copied', 'already', 'lost', 'rest'] as const)
    .filter(kind => kinds.has(kind))
    .map(kind => html`<li><i class="${kind}"></i>${words[kind]}</li>`)}</ul>`;
}

const barWords = {
  copied: 'copied in this run',
  already: 'there already',
  lost: 'failed or skipped',
  rest: 'not reached',
} as const;

function shortened(name: string): string {
  return name.length <= 36 ? name : `${name.slice(0, 35)}…`;
}

/** The next number above that reads well on an axis. */
function roundUp(count: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, count)));
  const step = [1, 2, 4, 5, 6, 8, 10].find(factor => factor * power >= count) ?? 10;
  return Math.max(2, step * power);
}
