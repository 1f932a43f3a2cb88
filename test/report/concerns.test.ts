import {describe, expect, test} from 'vitest';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import {reportOf} from '../../source/report/data.ts';
import {reportHtml} from '../../source/report/html.ts';
import {at, folder, problem, runStarted} from '../progress/events.ts';
import {info, signInProblem} from './sample.ts';

describe('what needs a look', () => {
  test('says once what is to be done about many folders and mailboxes, and names each', () => {
    const quota = {...problem, code: 'over-quota', nextStep: 'Make room there.', detail: 'Quota exceeded'};
    const full = {...quota, sentence: 'The destination mailbox is full.'};
    const failed = [0, 1].flatMap(request => [
      at({type: 'folders-planned', request, folders: [folder(0), folder(1)]} as const, 1),
      ...[0, 1].map(index =>
        at({type: 'folder-state', request, folder: index, state: 'failed', problem: full} as const, 1),
      ),
      at({type: 'request-state', request, state: 'Failed', problem: full} as const, 1),
    ]);
    const text = reportHtml(reportOf(info, [runStarted(2), ...failed].reduce(reduce, emptySnapshot))).replace(
      /^.*What needs a look/s,
      '',
    );
    expect(text.match(/Make room there/g)).toHaveLength(1);
    expect(text.match(/The server says: Quota exceeded/g)).toHaveLength(1);
    expect(text).toContain('2 mailboxes and 4 folders: The destination mailbox is full.');
    for (const place of ['user0@baya.com', 'user1@baya.com, folder Folder 1'])
      expect(text).toContain(`<li>${place}</li>`);
  });

  test('tells sentences and answers that differ beside each of the places', () => {
    const refused = (user: string) => ({
      ...signInProblem,
      ...{sentence: `The server refuses ${user}.`, detail: `NO ${user}`},
    });
    const failed = [0, 1].map(request =>
      at({type: 'request-state', request, state: 'Failed', problem: refused(`user${request}`)} as const, 1),
    );
    const text = reportHtml(reportOf(info, [runStarted(2), ...failed].reduce(reduce, emptySnapshot)));
    expect(text).toContain('<h3>2 mailboxes</h3>');
    expect(text).toContain(
      '<li>user1@baya.com: The server refuses user1. <span class="soft">The server says: NO user1</span></li>',
    );
  });
});
