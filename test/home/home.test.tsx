import {afterEach, describe, expect, it, vi} from 'vitest';
import {Home} from '../../source/home/home.tsx';
import type {Profile} from '../../source/profiles/profile.ts';
import {profileSchema} from '../../source/profiles/profile.ts';
import type {UnfinishedRun} from '../../source/services.ts';
import {cleanup, misfits, renderScreen} from '../helpers/render.tsx';
import {fakeProfiles} from '../wizard/fakes.ts';

afterEach(cleanup);

const unfinished: UnfinishedRun = {
  command: 'mailferry resume r0',
  run: 'r1',
  startedAt: Date.UTC(2026, 10, 22, 14, 3),
  from: '/desk/users\u001B[31m.csv',
  requests: 40,
  processed: 12,
};

const profile = (): Profile =>
  profileSchema.parse({
    kind: 'request',
    answers: {type: 'O365-IMAP', sourceUserId: 'john', sourceDomain: 'baya.com'},
  });

function open({
  columns = 80,
  rows = 24,
  runs = [unfinished],
  names = ['john-to-vault'],
  isFirst = false,
} = {}) {
  const went = vi.fn<(where: string) => void>();
  const screen = renderScreen(
    <Home
      services={{unfinishedRuns: async () => runs}}
      profiles={fakeProfiles(new Map(names.map(name => [name, profile()])))}
      notice=""
      isFirst={isFirst}
      columns={columns}
      rows={rows}
      onNew={() => went('new')}
      onCsv={() => went('csv')}
      onProfile={({name}) => went(`profile ${name}`)}
      onRun={({run}) => went(`run ${run}`)}
      onDemo={() => went('demo')}
      onQuit={() => went('quit')}
    />,
    {columns, rows},
  );
  return {screen, went};
}

describe('the start screen', () => {
  for (const [columns, rows] of [
    [60, 20],
    [80, 24],
    [120, 30],
    [200, 60],
  ] as const) {
    it(`says what each entry does at ${columns} x ${rows}`, async () => {
      const {screen} = open({columns, rows});
      await screen.waitFor('1 run to go on with; nothing is copied twice.');
      for (const text of ['New request', 'Requests from a CSV', '1 profile: john-to-vault', 'Demo'])
        expect(screen.frame()).toContain(text);
      expect(misfits(screen.frame(), columns, rows)).toEqual([]);
      expect(screen.frame()).not.toContain('…');
    });
  }

  it('opens by pointer and by letter', async () => {
    const {screen, went} = open();
    await screen.press('enter', 'down', 'enter', 'd', 'q');
    expect(went.mock.calls.flat()).toEqual(['new', 'csv', 'demo', 'quit']);
  });

  it('lists profiles and unfinished runs', async () => {
    const {screen, went} = open();
    await screen.waitFor('1 run');
    await screen.press('p');
    expect(screen.frame()).toContain('john@baya.com');
    await screen.press('enter', 'esc', 'u');
    expect(screen.frame()).toContain('2026-11-22 14:03');
    expect(screen.frame()).toContain('/desk/users.csv, 12 of 40 requests done');
    await screen.press('enter');
    expect(went.mock.calls.flat()).toEqual(['profile john-to-vault', 'run r1']);
  });

  it('offers only what there is, and the demo to who has never run anything', async () => {
    const {screen, went} = open({runs: [], names: [], isFirst: true});
    await screen.press('p', 'u');
    expect(went).not.toHaveBeenCalled();
    expect(screen.frame()).not.toMatch(/Saved profile|Unfinished run/);
    expect(screen.frame()).toContain('First time? Press d');
    // What it copies is nobody's, and stays where it was.
    const frame = screen.frame().replace(/\s+/g, ' ');
    expect(frame).toContain('it copies made-up mail between two servers of its own.');
    expect(frame).toContain('Made-up mail, copied between two built-in servers.');
    expect(frame).not.toMatch(/real mail\b|moves/);
    expect(open().screen.frame()).not.toContain('First time?');
  });

  it('deletes a profile, after a question', async () => {
    const {screen, went} = open({names: ['ann', 'john']});
    await screen.press('p', 'down', 'd');
    expect(screen.frame()).toContain('Delete "john"? (y/n)');
    await screen.press('n');
    expect(screen.frame()).toContain('john');
    await screen.press('d', 'y');
    expect(screen.frame()).toContain('ann');
    expect(screen.frame()).not.toMatch(/▸ john|^ *john/m);
    await screen.press('d', 'y');
    expect(screen.frame()).toContain('New request');
    expect(screen.frame()).not.toContain('Saved profile');
    expect(went).not.toHaveBeenCalled();
  });
});
