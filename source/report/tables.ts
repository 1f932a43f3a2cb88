// The tables of report.html. Each is cut to a size that a browser and a person can bear, and says so.

import type {RequestState} from '../engine/events.ts';
import {detailWords} from '../engine/problems/detail.ts';
import {formatBytes} from '../format/bytes.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatDay} from '../format/date.ts';
import {isDryRunReason} from '../progress/dry-run.ts';
import {type Concern, concernsOf} from './concerns.ts';
import type {LostMessage, ReasonGroup, Report, ReportFolder, ReportRequest} from './data.ts';
import {html, type Markup} from './markup.ts';
import {notesOf} from './notes.ts';
import {isKnown, shownOf} from './shown.ts';

const mostReasons = 40;
const mostPlaces = 60;
const mostLost = 60;
const mostRequests = 1000;
const mostFolderRows = 2000;
const mostNotes = 200;

const stateLook: Readonly<Record<RequestState, string>> = {
  Pending: '',
  Verifying: '',
  Submitted: '',
  Processing: '',
  Processed: 'good',
  Invalid: 'bad',
  Failed: 'bad',
  Stopped: 'warn',
};

/** What is not at the destination: by reason, with what to do, and the messages by name. */
export function reasonsSection(report: Report): Markup | undefined {
  const concerns = concernsOf(report.requests);
  // A dry run gives every message that it would copy a reason of its own.
  const reasons = report.reasons.filter(group => !isDryRunReason(group.problem));
  if (reasons.length === 0 && concerns.length === 0) return undefined;
  const named = reasons.reduce((sum, group) => sum + group.messages.length, 0);
  const {failed, skipped} = shownOf(report.totals, report.dryRun);
  const unnamed = failed + skipped - named;
  return html`<section><h2>What needs a look</h2>
${concerns.slice(0, mostReasons).map(concern)}${cut(concerns.length, mostReasons, 'reasons', 'requests.csv and folders.csv')}
${reasons.slice(0, mostReasons).map(reason)}
${unnamed > 0 ? html`<p class="soft">${countOf(unnamed, 'more message')} ${unnamed === 1 ? 'is' : 'are'} named in messages.csv.</p>` : undefined}
</section>`;
}

/** Which columns of numbers a table has. */
type Numbers = {readonly dryRun: boolean; readonly notReached: boolean};

const numbersOf = ({dryRun, totals}: Report): Numbers => ({
  dryRun,
  notReached: shownOf(totals, dryRun).notReached > 0,
});

export function requestsSection(report: Report): Markup {
  const {requests} = report;
  const columns = numbersOf(report);
  return html`<section><h2>Requests</h2><div class="card scroll"><table>
<thead><tr><th class="n">No.</th><th>Source</th><th>Destination</th><th>State</th>${heads(columns)}</tr></thead>
<tbody>${requests.slice(0, mostRequests).map(
    request => html`<tr><td class="n">${request.request}</td><td>${request.source}<br><span class="soft">${request.title === request.source ? request.type : `${request.title}, ${request.type}`}</span></td>
<td>${request.destination}<br><span class="soft">${request.destinationFolder}</span></td><td>${state(request, columns)}</td>
${numbers(request, columns, isKnown(request))}</tr>
`,
  )}</tbody></table>${cut(requests.length, mostRequests, 'requests', 'requests.csv')}</div></section>`;
}

export function foldersSection(report: Report): Markup | undefined {
  const {requests} = report;
  const columns = numbersOf(report);
  const withFolders = requests.filter(request => request.folders.length > 0);
  if (withFolders.length === 0) return undefined;
  let rows = 0;
  const shown = withFolders.filter(request => {
    const fits = rows === 0 || rows + request.folders.length <= mostFolderRows;
    if (fits) rows += request.folders.length;
    return fits;
  });
  return html`<section><h2>Folders</h2>${shown.map(request => folderTable(request, columns, shown.length <= 3))}${cut(withFolders.length, shown.length, 'mailboxes', 'folders.csv')}</section>`;
}

export function notesSection(report: Report): Markup | undefined {
  // The table of folders has theirs too, closed where there are many mailboxes.
  const notes = notesOf(
    report.notes,
    report.requests.map(request => ({
      ...{who: nameOf(request), notes: request.notes},
      folders: request.folders.filter(folder => folder.included),
    })),
    'each',
  );
  if (notes.length === 0) return undefined;
  return html`<section><h2>Notes</h2><div class="card">${notes
    .slice(0, mostNotes)
    .map(({who, said}) => html`<p>${who === '' ? '' : `${who}: `}${said}</p>`)}${cut(
    notes.length,
    mostNotes,
    'notes',
    'summary.json',
  )}</div></section>`;
}

const nameOf = (request: ReportRequest) => request.source || request.title;

/** One place is told in the heading; of many the heading says how many, and the list which. */
function concern({problem, places, mailboxes, folders}: Concern): Markup {
  const [first] = places;
  if (places.length === 1 && first !== undefined)
    return html`<div class="card"><h3>${placeName(first)}: ${problem.sentence}</h3>${step(problem)}</div>`;
  const amount = [
    ...(mailboxes > 0 ? [countOf(mailboxes, 'mailbox', 'mailboxes')] : []),
    ...(folders > 0 ? [countOf(folders, 'folder')] : []),
  ].join(' and ');
  const alike = places.every(place => place.problem.sentence === problem.sentence);
  const sameWords = places.every(place => place.problem.detail === problem.detail);
  const {detail: _each, ...common} = problem;
  return html`<div class="card"><h3>${amount}${alike ? `: ${problem.sentence}` : ''}</h3>${step(sameWords ? problem : common)}
<details ${places.length <= 15 ? html`open` : undefined}><summary>Which</summary><ul>${places
    .slice(0, mostPlaces)
    .map(
      place =>
        html`<li>${placeName(place)}${alike ? '' : `: ${place.problem.sentence}`}${sameWords || place.problem.detail === undefined ? undefined : html` <span class="soft">${detailWords(place.problem)}</span>`}</li>
`,
    )}</ul>${cut(places.length, mostPlaces, 'places', 'requests.csv and folders.csv')}</details></div>`;
}

function placeName({who, folder}: Concern['places'][number]): string {
  return folder === undefined ? who : `${who}, folder ${folder}`;
}

function reason({problem, messages, atLeast}: ReasonGroup): Markup {
  const varied = messages.some(lost => lost.problem.sentence !== problem.sentence);
  const amount = `${atLeast ? 'at least ' : ''}${countOf(messages.length, 'message')}${varied ? ', such as' : ''}`;
  return html`<div class="card"><h3>${`${amount}: ${problem.sentence}`}</h3>${step(problem)}
<details ${messages.length <= 15 ? html`open` : undefined}><summary>Which</summary><div class="scroll"><table>
<thead><tr><th>Mailbox</th><th>Folder</th><th>Subject</th><th class="n">Date</th><th class="n">Size</th><th class="n">UID</th><th>Result</th></tr></thead>
<tbody>${messages.slice(0, mostLost).map(lost => lostRow(lost, varied ? '' : problem.sentence))}</tbody></table></div>
${cut(messages.length, mostLost, 'messages', 'messages.csv')}</details></div>`;
}

function lostRow({source, folder, kind, message, problem}: LostMessage, said: string): Markup {
  const more = [problem.sentence === said ? undefined : problem.sentence, problem.detail]
    .filter(Boolean)
    .join(' ');
  return html`<tr><td>${source}</td><td>${folder}</td><td>${message.subject}<br><span class="soft">${message.messageId}</span></td>
<td class="n">${formatDay(message.date)}</td><td class="n">${message.size === undefined ? '' : formatBytes(message.size)}</td><td class="n">${message.uid}</td><td>${kind}${more === '' ? undefined : html`<br><span class="soft">${more}</span>`}</td></tr>
`;
}

function folderTable(request: ReportRequest, columns: Numbers, open: boolean): Markup {
  return html`<details class="card" ${open ? html`open` : undefined}><summary>${request.source || request.title} <span class="soft">${countOf(request.folders.length, 'folder')}</span></summary><div class="scroll"><table>
<thead><tr><th>Folder</th><th>At the destination</th>${heads(columns)}</tr></thead>
<tbody>${request.folders.slice(0, mostFolderRows).map(folder => folderRow(folder, columns))}</tbody></table>${cut(request.folders.length, mostFolderRows, 'folders', 'folders.csv')}</div></details>`;
}

function folderRow(folder: ReportFolder, columns: Numbers): Markup {
  if (!folder.included) {
    const messages = folder.messages === undefined ? '' : ` (${countOf(folder.messages, 'message')})`;
    return html`<tr class="left-out"><td>${folder.source}</td><td colspan="${1 + headWords(columns).length}">${`left out: ${folder.reason ?? 'not selected'}${messages}`}</td></tr>
`;
  }
  const told = [folder.problem?.sentence, ...folder.notes].filter(text => text !== undefined);
  return html`<tr><td>${folder.source}${told.map(text => html`<br><span class="soft">${text}</span>`)}</td><td>${folder.destination}</td>${numbers(folder, columns)}</tr>
`;
}

function headWords({dryRun, notReached}: Numbers): readonly string[] {
  return [
    ...['Selected', dryRun ? 'To copy' : 'Copied', 'There already', 'Skipped'],
    ...(notReached ? ['Not reached'] : []),
    'Failed',
    ...(dryRun ? [] : ['Sent']),
  ];
}

function heads(columns: Numbers): Markup {
  return html`${headWords(columns).map(word => html`<th class="n">${word}</th>`)}`;
}

/** Under `heads`. A number that is not known is not 0. */
function numbers(of: ReportFolder | ReportRequest, columns: Numbers, known = true): Markup {
  const {selected, copied, alreadyPresent, skipped, failed, deleted, notReached} = shownOf(
    of,
    columns.dryRun,
  );
  const cell = (count: number, bad = false) =>
    html`<td class="n${bad ? ' bad-text' : ''}">${known ? formatCount(count) : '–'}</td>`;
  const sent = known ? formatBytes(of.bytes) : '';
  return html`${cell(selected)}${cell(copied)}${cell(alreadyPresent)}${cell(skipped, skipped > deleted)}${columns.notReached ? cell(notReached) : undefined}${cell(failed, failed > 0)}${columns.dryRun ? undefined : html`<td class="n">${sent}</td>`}`;
}

function state(request: ReportRequest, {dryRun}: Numbers): Markup {
  const {failed, skipped} = shownOf(request, dryRun);
  const look = request.state === 'Processed' && failed + skipped > 0 ? 'warn' : stateLook[request.state];
  return html`<span class="state ${look}">${request.state}</span>${request.problem === undefined ? undefined : html`<br><span class="soft">${request.problem.sentence}</span>`}`;
}

function step(problem: ReasonGroup['problem'] | undefined): Markup {
  return html`${problem?.nextStep === undefined ? undefined : html`<p>${problem.nextStep}</p>`}${problem?.link === undefined ? undefined : html`<p><a href="${problem.link}" rel="noreferrer">${problem.link}</a></p>`}${problem?.detail === undefined ? undefined : html`<p class="soft">${detailWords(problem)}</p>`}`;
}

function cut(all: number, shown: number, what: string, file: string): Markup | undefined {
  return all > shown
    ? html`<p class="soft">${`${formatCount(all - shown)} more ${what}: see ${file}.`}</p>`
    : undefined;
}
