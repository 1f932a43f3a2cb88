// report.html: one page that needs nothing else, for the person who asks "is everything there?". No script at all;
// the policy in its head forbids every source but its own style sheet.
import {formatByteRate, formatBytes} from '../format/bytes.ts';
import {countOf, formatCount, formatRate} from '../format/count.ts';
import {formatStamp} from '../format/date.ts';
import {formatDuration} from '../format/duration.ts';
import type {Report} from './data.ts';
import {html, Markup} from './markup.ts';
import {barsOf, copiedOverTime} from './plots.ts';
import {shownOf} from './shown.ts';
import {style} from './style.ts';
import {foldersSection, notesSection, reasonsSection, requestsSection} from './tables.ts';

const mostBars = 40;

const signs: Readonly<Record<Report['verdict']['tone'], string>> = {ok: '✓', warn: '!', fail: '✗'};

/** The page, complete. Its size is bounded whatever the run; the csv files have everything. */
export function reportHtml(report: Report): string {
  const over = copiedOverTime(report.timeline);
  const bars = barsOf(report.requests, mostBars, report.dryRun);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${`mailferry: ${report.verdict.sentence}`}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
<header><span><b>mailferry</b> run ${report.run}${report.from === '' ? '' : `, from ${report.from}`}</span><span>${period(report)}</span></header>
<section class="verdict ${look(report)}">
<h1>${sign(report)} ${report.verdict.sentence}</h1>
${report.verdict.details.map(detail => html`<p>${detail}</p>`)}
</section>
${tiles(report)}
${over === undefined ? undefined : html`<section class="card"><h3>Messages copied over time</h3>${over}</section>`}
${bars === undefined ? undefined : html`<section class="card"><h3>${barsTitle(report)}</h3>${bars}</section>`}
${reasonsSection(report)}
${requestsSection(report)}
${foldersSection(report)}
${notesSection(report)}
<footer>
<p>Beside this page: <b>messages.csv</b> lists every selected message and all mail below the destination folder, <b>folders.csv</b> and <b>requests.csv</b> the tables above in full, <b>summary.json</b> the same for programs.</p>
<p>${`mailferry ${report.program}`}. Times and days are those of the computer that ran it.</p>
</footer>
</main>
</body>
</html>
`;
  return page.text;
}

/** A dry run that finds nothing wrong has no colour: nothing has been done. */
function look({verdict}: Report): string {
  return verdict.kind === 'dry-run' && verdict.tone === 'ok' ? 'dry-run' : verdict.tone;
}

function sign(report: Report): string {
  return look(report) === 'dry-run' ? '·' : signs[report.verdict.tone];
}

function period({startedAt, endedAt}: Report): string {
  const from = formatStamp(startedAt);
  if (endedAt === undefined) return `started ${from}`;
  const to = formatStamp(endedAt);
  const sameDay = from.slice(0, 10) === to.slice(0, 10);
  return `${from} to ${sameDay ? to.slice(11) : to}`;
}

function tiles({totals, startedAt, endedAt, requests, dryRun}: Report): Markup {
  const {selected, copied, alreadyPresent, skipped, failed, deleted, notReached, bytes} = shownOf(
    totals,
    dryRun,
  );
  const time = endedAt === undefined ? 0 : Math.max(0, endedAt - startedAt);
  const perSecond = time > 0 ? 1000 / time : 0;
  const others = skipped - deleted;
  const pace = `${formatRate(copied * perSecond)} msg/s, ${formatByteRate(bytes * perSecond)}`;
  const list: readonly (readonly [value: string, label: string, bad?: boolean])[] = [
    [formatCount(requests.length), requests.length === 1 ? 'mailbox' : 'mailboxes'],
    [formatCount(selected), 'messages selected'],
    [formatCount(copied), dryRun ? 'would be copied' : 'copied in this run'],
    [formatCount(alreadyPresent), 'there already'],
    [formatCount(failed), 'failed', failed > 0],
    ...(dryRun ? [] : ([[formatCount(others), 'skipped', others > 0]] as const)),
    ...(notReached > 0 ? ([[formatCount(notReached), 'not reached']] as const) : []),
    ...(deleted > 0 ? ([[formatCount(deleted), 'deleted meanwhile']] as const) : []),
    ...(dryRun ? [] : ([[formatBytes(bytes), 'sent']] as const)),
    ...(time > 0 ? ([[formatDuration(time), totals.copied > 0 ? pace : 'from start to end']] as const) : []),
  ];
  return html`<section class="tiles">${list.map(
    ([value, label, bad]) =>
      html`<div class="tile${bad === true ? ' bad' : ''}"><b>${value}</b><span>${label}</span></div>`,
  )}</section>`;
}

function barsTitle({requests}: Report): string {
  const some = requests.filter(request => request.selected > 0).length;
  return some > mostBars
    ? `Messages of the ${mostBars} largest of ${countOf(some, 'mailbox', 'mailboxes')}`
    : 'Messages of each mailbox';
}
