import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {PlannedFolder} from '../../source/engine/events.ts';
import type {ListedFolder} from '../../source/engine/folders/path.ts';
import {selectFolders} from '../../source/engine/folders/select.ts';
import {problem} from '../../source/engine/problems/problems.ts';
import {checkListReducer} from '../../source/ui/check-list-state.ts';
import {
  choiceOf,
  type FolderChoice,
  failedEnd,
  inReadingOrder,
  inScope,
  naturalFolders,
  noChoice,
  obstacle,
  ruleOf,
  subtreeOf,
  tickedFolders,
} from '../../source/wizard/folder-choice.ts';
import {inspection, planned, refused} from './fakes.ts';

const listed: readonly ListedFolder[] = [
  ['INBOX'],
  ['Projects'],
  ['Projects', '2019'],
  ['Projects', '2019', 'a/b'],
  ['Projects', 'Calendar'],
  ['Calendar'],
  ['Calendar', 'Birthdays'],
  ['Deleted Items'],
  ['Deleted Items', 'Old'],
  ['Sent Items'],
].map(path => ({path, delimiter: '/', flags: [], noSelect: false, messages: 1}));

/** What the engine makes of a choice, as the check is given it. */
function plan(choice: FolderChoice): PlannedFolder[] {
  return selectFolders(listed, {...choice, withJunk: false, provider: 'o365'}).map(
    ({path, selected, reason}, folder) => ({
      folder,
      source: path,
      destination: path,
      selected,
      messages: 1,
      notes: [],
      ...(reason === undefined ? {} : {reason}),
    }),
  );
}

const paths = plan(noChoice).map(folder => folder.source);

describe('choiceOf', () => {
  it('names no folder where the rule already says it', () => {
    const folders = plan(noChoice);
    expect(choiceOf(folders, ruleOf(folders, noChoice), tickedFolders(folders))).toEqual(noChoice);
  });

  it('names only the top where a whole tree is switched', () => {
    const folders = plan(noChoice);
    const ticked = new Set(tickedFolders(folders));
    for (const path of subtreeOf(folders, 'Deleted Items')) ticked.add(path);
    expect(choiceOf(folders, ruleOf(folders, noChoice), ticked)).toEqual({
      include: ['Deleted Items'],
      exclude: [],
    });
  });

  it('makes the engine copy just the ticked folders, also after a second look', () => {
    fc.assert(
      fc.property(fc.subarray(paths), fc.subarray(paths), (first, second) => {
        let asked: FolderChoice = noChoice;
        for (const wanted of [first, second]) {
          const folders = plan(asked);
          asked = choiceOf(folders, ruleOf(folders, asked), new Set(wanted), asked);
          expect([...tickedFolders(plan(asked))]).toEqual(paths.filter(path => wanted.includes(path)));
        }
      }),
    );
  });

  it('keeps the choices about folders it does not see', () => {
    const folders = [planned(0, 'INBOX')];
    const before = {include: ['Gone'], exclude: ['Elsewhere']};
    expect(choiceOf(folders, ruleOf(folders, before), new Set(['INBOX']), before)).toEqual(before);
  });
});

describe('naturalFolders', () => {
  it('are those of the rule and those switched off before', () => {
    const asked = {include: ['Calendar'], exclude: ['Sent Items']};
    const natural = naturalFolders(plan(asked), asked);
    expect(natural.has('Sent Items')).toBe(true);
    expect(natural.has('Calendar')).toBe(false);
    expect(natural.has('Deleted Items')).toBe(false);
  });
});

describe('the check list', () => {
  const {folders} = inspection;
  const boxes = {
    keys: folders.map(folder => folder.source),
    together: (source: string) => subtreeOf(folders, source),
    natural: naturalFolders(folders, noChoice),
  };
  const start = {index: 1, ticked: tickedFolders(folders)};

  it('switches a folder with everything below it', () => {
    const off = checkListReducer(start, {type: 'toggle'}, boxes);
    expect([...off.ticked]).toEqual(['INBOX']);
    expect([...checkListReducer(off, {type: 'toggle'}, boxes).ticked]).toContain('Projects/2019');
  });

  it('switches all that the rule takes, then none', () => {
    const none = checkListReducer(start, {type: 'toggle-all'}, boxes);
    expect(none.ticked.size).toBe(0);
    expect([...checkListReducer(none, {type: 'toggle-all'}, boxes).ticked]).toEqual([
      'INBOX',
      'Projects',
      'Projects/2019',
    ]);
  });
});

describe('obstacle', () => {
  it('is a failed sign-in or an empty choice', () => {
    expect(obstacle(refused, new Set())).toContain('refuses the sign-in');
    expect(obstacle(inspection, new Set())).toContain('No folder is chosen');
    expect(obstacle(inspection, new Set(['INBOX']))).toBeUndefined();
    const nothing = {
      code: 'nothing-selected',
      scope: 'mailbox',
      verdict: 'stop',
      sentence: 'Nothing.',
    } as const;
    expect(obstacle({...inspection, problems: [nothing]}, new Set(['INBOX']))).toBeUndefined();
  });
});

describe('inScope', () => {
  it('is what lies below the source folder', () => {
    expect(inScope(inspection.folders, 'Projects').map(folder => folder.source)).toEqual([
      'Projects',
      'Projects/2019',
    ]);
  });
});

describe('inReadingOrder', () => {
  it('shows the inbox, then what is copied as a tree by name, then what is left out', () => {
    const left = {reason: 'not mail'};
    const folders = [
      planned(0, 'Calendar', left),
      planned(1, 'Projects/Zeta'),
      planned(2, 'Projects 10'),
      planned(3, 'Projects 9'),
      planned(4, 'Calendar/Birthdays', left),
      planned(5, 'Projects'),
      planned(6, 'archive'),
      planned(7, 'INBOX/Later'),
      planned(8, 'Bin', left),
      planned(9, 'Inbox'),
    ];
    expect(inReadingOrder(folders).map(folder => folder.source)).toEqual([
      'Inbox',
      'INBOX/Later',
      'archive',
      'Projects',
      'Projects/Zeta',
      'Projects 9',
      'Projects 10',
      'Bin',
      'Calendar',
      'Calendar/Birthdays',
    ]);
  });
});

describe('failedEnd', () => {
  it.each(['source', 'destination'] as const)('finds the %s that refused, by whatever sentence', end => {
    const at = {end, server: 'imap.example.com:993', login: 'john@baya.com', number: 7000222};
    const codes = [
      ...(['sign-in-refused', 'host-unknown', 'token-expired', 'connection-refused'] as const),
      // Their sentences name no end.
      ...(['app-secret-expired', 'imap-switched-off', 'password-expired'] as const),
    ];
    for (const code of codes) expect(failedEnd({folders: [], problems: [problem(code, at)]}), code).toBe(end);
  });
});
