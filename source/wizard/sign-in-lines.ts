// What is on the screen while somebody signs in to Microsoft. Pure.
import type {SignInPrompt} from '../engine/auth/msal.ts';
import type {NeededSignIn} from '../engine/auth/sign-ins.ts';
import type {Problem} from '../engine/problems/problems.ts';
import {exact, foreign, type Line, short, span, wrapText} from '../ui/cells.ts';
import {symbols} from '../ui/theme.ts';
import {problemLines} from './check-lines.ts';

export type SignInPhase =
  /** Microsoft is asked for a code or a page. */
  | {readonly name: 'asking'}
  | {readonly name: 'waiting'; readonly prompt: SignInPrompt; readonly opened: boolean}
  | {readonly name: 'failed'; readonly problem: Problem};

export type SignInView = {
  readonly all: readonly NeededSignIn[];
  /** Who signs in now. */
  readonly index: number;
  readonly phase: SignInPhase;
  /** Why it is done anew, by mailbox. */
  readonly reasons: ReadonlyMap<string, Problem>;
};

const labelWidth = 12;

/** Everything above the line that says how long there is. */
export function signInLines({all, index, phase, reasons}: SignInView, columns: number, rows: number): Line[] {
  const needed = all[index];
  if (needed === undefined) return [];
  const {user, mailboxes} = needed;
  const others = mailboxes.filter(name => name.toLowerCase() !== user.toLowerCase()).map(foreign);
  const place = all.length === 1 ? '' : `   ${index + 1} of ${all.length}`;
  const head: Line[] = [
    [
      {
        ...span(short(`Sign in to Microsoft as ${foreign(user)}`, columns - place.length, 'middle')),
        bold: true,
      },
      span(place, 'dim'),
    ],
    ...(others.length === 0
      ? []
      : wrapText(`to open ${others.join(', ')}`, columns, 2).map((text): Line => [span(text, 'dim')])),
    [],
  ];
  const why = mailboxes.flatMap(name => reasons.get(name) ?? []).at(0);
  // What to do about it was read where the new sign-in was asked for; the code must stay on the screen.
  if (why !== undefined && phase.name !== 'failed')
    head.push(
      ...wrapText(foreign(why.sentence), columns - 2, 3).map(
        (text, row): Line => [span(row === 0 ? `${symbols.warning} ` : '  ', 'warn'), span(text, 'warn')],
      ),
      ...wrapText('Sign in as somebody who may open it.', columns - 2, 1).map(
        (text): Line => [span(`  ${text}`, 'dim')],
      ),
      [],
    );
  if (phase.name === 'asking') return head;
  if (phase.name === 'failed')
    return [...head, ...problemLines(phase.problem, columns, Math.max(1, rows - head.length))];
  return [...head, ...todoLines(phase, columns)];
}

function todoLines({prompt, opened}: Extract<SignInPhase, {name: 'waiting'}>, columns: number): Line[] {
  const row = (label: string, text: string, big = false): Line => [
    span(exact(label, labelWidth), 'dim'),
    {...span(short(foreign(text), columns - labelWidth, 'middle'), 'accent'), bold: big},
  ];
  const said = (text: string): Line[] => wrapText(text, columns, 3).map(line => [span(line, 'dim')]);
  if (prompt.kind === 'device')
    return [
      row('Open', prompt.address),
      row('Type', prompt.code, true),
      [],
      ...said(
        'In any browser, on this machine or another. It goes on here by itself when you are done there.',
      ),
      [],
    ];
  return [
    row(opened ? 'It opens' : 'Open', prompt.short),
    [],
    ...said(
      opened
        ? 'Your browser should show the page now; if it does not, open the address in a browser on this machine.'
        : 'In a browser on this machine. Without one, go back and choose device code.',
    ),
    ...said('It goes on here by itself when you are done there.'),
    [],
  ];
}

/** The names that are done and those that wait, where there are several. */
export function othersLines({all, index}: SignInView, columns: number, most: number): Line[] {
  if (all.length < 2) return [];
  return all.slice(0, most).map((each, at): Line => {
    const mark = at < index ? symbols.tick : at === index ? symbols.pointer : symbols.circle;
    const role = at < index ? 'ok' : at === index ? 'accent' : 'dim';
    return [
      span(`${mark} `, role),
      span(short(foreign(each.user), columns - 2, 'middle'), at === index ? 'plain' : 'dim'),
    ];
  });
}
