// The one line that says what is special now and what the person can do about it.
import {countOf, formatCount} from '../format/count.ts';
import type {RequestSnapshot, Snapshot} from '../progress/snapshot.ts';
import {verdictOf} from '../report/verdict.ts';
import {foreign, type Line, lineWidth, short, span} from '../ui/cells.ts';
import {symbols} from '../ui/theme.ts';
import {entersSummary} from './keys.ts';
import {hasEnded} from './progress.ts';
import {isNarrowed, levelOf, orders, type View} from './state.ts';

/** `shown` of `all` rows are in the list. Empty where nothing is special. */
export function noticeLine(snapshot: Snapshot, view: View, shown: number, all: number, width: number): Line {
  if (view.asking?.stop === 'mailbox') return askMailbox(snapshot.requests[view.asking.request], width);
  if (view.asking !== undefined) {
    return snapshot.stopping === undefined
      ? [span('Stop the run? (y/n) ', 'warn'), span('Copied mail stays; run again to go on.')]
      : [span('Stop now? (y/n) ', 'warn'), span('Mail in flight is dropped, nothing lost.')];
  }
  if (view.typing) return typing(view, shown, all);
  if (hasEnded(snapshot))
    return ended(
      snapshot,
      width,
      entersSummary({level: levelOf(view), single: snapshot.requests.length === 1}) ? 'Enter' : 'q',
    );
  if (snapshot.stopping === 'abort') return [span('Stopping now.', 'warn')];
  if (snapshot.stopping === 'finish') {
    return [span('Stopping: ', 'warn'), span('finishing what is in flight; Ctrl+C again to stop now.')];
  }
  // What happens to the run matters more than the last answer.
  if (view.said !== undefined)
    return [span(short(typeof view.said === 'string' ? view.said : view.said(snapshot), width), 'accent')];
  if (snapshot.paused) return [span('Paused. ', 'warn'), span('What is in flight is finished; p goes on.')];
  return narrowed(view, shown, all);
}

function askMailbox(request: RequestSnapshot | undefined, width: number): Line {
  const now = request?.stopping === 'finish' ? ' now' : '';
  const question = `Stop ${short(foreign(request?.source ?? ''), Math.max(8, width - 40), 'middle')}${now}? (y/n) `;
  return [span(question, 'warn'), span('The others go on.')];
}

function ended(snapshot: Snapshot, width: number, key: string): Line {
  const {sentence, tone: role} = verdictOf(snapshot);
  const glyph = {ok: symbols.tick, warn: symbols.warning, fail: symbols.cross}[role];
  const fits = (text: string) => lineWidth([span(`${glyph} ${text}`)]) <= width;
  const said = span(`${glyph} ${firstClauses(sentence).find(fits) ?? sentence}`, role);
  const hint = span(` ${key}: summary.`);
  // The footer says it too: where it is narrow the verdict matters more.
  return lineWidth([said, hint]) <= width ? [said, hint] : [said];
}

/** The sentence, then without what comes behind its last ';' or ':'; the totals say the numbers too. */
function firstClauses(sentence: string): readonly string[] {
  const [start = sentence] = sentence.split(/[;:] /);
  const [long = sentence] = sentence.split('; ');
  return [sentence, ...[long, start].map(text => (text.endsWith('.') ? text : `${text}.`))];
}

function typing(view: View, shown: number, all: number): Line {
  const {filter} = view.lists[levelOf(view)];
  return [
    span('Filter: ', 'accent'),
    span(short(foreign(filter), 40)),
    {text: '_', role: 'accent'},
    span(`   ${shown} of ${all}   enter keeps it, esc clears it`, 'dim'),
  ];
}

function narrowed(view: View, shown: number, all: number): Line {
  const level = levelOf(view);
  const list = view.lists[level];
  const order = list.order === 0 ? undefined : orders[level][list.order];
  const parts = [
    ...(list.onlyFailures ? ['only failures'] : []),
    ...(list.filter === '' ? [] : [`filter "${short(foreign(list.filter), 30)}"`]),
  ];
  if (isNarrowed(list)) parts.push(`${formatCount(shown)} of ${countOf(all, 'row')}, esc shows all`);
  if (order !== undefined) parts.push(`sorted ${order}`);
  return parts.length === 0 ? [] : [span(parts.join('   '), 'dim')];
}
