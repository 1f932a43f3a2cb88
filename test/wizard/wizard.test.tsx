import {afterEach, describe, expect, it} from 'vitest';
import {problem} from '../../source/engine/problems/problems.ts';
import {profileSchema} from '../../source/profiles/profile.ts';
import {cleanup, misfits} from '../helpers/render.tsx';
import {inspection, refused} from './fakes.ts';
import {answerAll, open, savedAnswers} from './opened.tsx';

afterEach(cleanup);

describe('the wizard', () => {
  for (const [columns, rows] of [
    [60, 20],
    [80, 24],
    [120, 30],
    [200, 60],
  ] as const) {
    it(`goes from the first question to the start at ${columns} x ${rows}, in frames that fit`, async () => {
      const {screen, onStart} = open({columns, rows});
      await answerAll(screen);
      await screen.waitFor('Since');
      await screen.press('enter');
      await screen.waitFor('[x] INBOX');
      expect(screen.frame()).toContain('[ ] Calendar');
      await screen.press('enter');
      await screen.waitFor('Enter starts copying');
      expect(screen.frame()).toContain('Mailbox');
      await screen.press('enter');
      const [requests, from] = onStart.mock.calls[0] ?? [];
      expect(requests).toHaveLength(1);
      expect(requests?.[0]).toMatchObject({
        type: 'O365-IMAP',
        source: {userId: 'john', domain: 'baya.com', server: 'outlook.office365.com', port: 993},
        destination: {userId: 'john', domain: 'vault.example', server: 'imap.vault.example'},
        destinationFolder: 'Data17012018',
        include: [],
        exclude: [],
      });
      expect(from).toBe('john@baya.com to john@vault.example');
      for (const frame of screen.frames) {
        expect(misfits(frame, columns, rows)).toEqual([]);
        expect(frame).not.toMatch(/hunter2|s3cret/);
      }
    });
  }

  it('shows the error and what Tab takes over under the field', async () => {
    const {screen} = open();
    await screen.press('enter');
    await screen.type('john@baya.com');
    const lines = screen.frame().split('\n');
    const at = lines.findIndex(line => line.includes('john@baya.com'));
    expect(lines[at + 1]).toContain('✗ The user id must not contain');
    expect(screen.frame()).toContain('tab: use john, baya.com');
    await screen.press('tab');
    expect(screen.frame()).toMatch(/User id +john$/m);
    expect(screen.frame()).toMatch(/Domain +baya\.com$/m);
  });

  it('takes a paste, without its line break, and does not go on', async () => {
    const {screen} = open();
    await screen.press('enter');
    await screen.paste('john\n');
    expect(screen.frame()).toMatch(/▸ User id +john$/m);
  });

  it('types letters that are keys elsewhere', async () => {
    const {screen, onLeave} = open();
    await screen.press('enter');
    await screen.type('q?a r');
    expect(screen.frame()).toMatch(/User id +q\?a r$/m);
    expect(onLeave).not.toHaveBeenCalled();
  });

  it('goes back step by step, keeps the answers, and then leaves', async () => {
    const {screen, onLeave} = open();
    await screen.press('enter');
    await screen.type('john');
    await screen.press('esc');
    expect(screen.frame()).toContain('What is to be carried?');
    await screen.press('enter');
    expect(screen.frame()).toMatch(/User id +john$/m);
    await screen.press('esc', 'esc');
    expect(onLeave).toHaveBeenCalledOnce();
  });

  it('opens and closes the help, also while text is typed', async () => {
    const {screen} = open();
    await screen.press('?');
    expect(screen.frame()).toContain('Keys on this screen');
    await screen.press('esc', 'enter', 'ctrl+g');
    expect(screen.frame()).toContain('Keys on this screen');
    await screen.press('esc');
    expect(screen.frame()).toContain('User id');
  });

  it('writes the folders that were switched into the request', async () => {
    const {screen, onStart} = open({
      saved: {name: 'john', answers: {...savedAnswers, sourceSecret: 'env:A', destinationSecret: 'env:B'}},
    });
    await screen.waitFor('[x] INBOX');
    await screen.press('down', 'space', 'down', 'down', 'space');
    expect(screen.frame()).toContain('[ ] Projects/2019');
    expect(screen.frame()).toContain('[x] Calendar');
    expect(screen.frame()).toContain('To copy  4,521 messages in 2 folders');
    await screen.press('enter', 'enter');
    expect(onStart.mock.calls[0]?.[0][0]).toMatchObject({include: ['Calendar'], exclude: ['Projects']});
    expect(onStart.mock.calls[0]?.[1]).toBe('john');
  });

  it('does not go on without a folder', async () => {
    const {screen} = open({
      saved: {name: 'john', answers: {...savedAnswers, sourceSecret: 'env:A', destinationSecret: 'env:B'}},
    });
    await screen.waitFor('[x] INBOX');
    await screen.press('a', 'enter');
    expect(screen.frame()).toContain('No folder is chosen.');
  });

  it('looks once, and again only when asked or when an answer has changed', async () => {
    const {screen, inspect} = open({
      saved: {name: 'john', answers: {...savedAnswers, sourceSecret: 'env:A', destinationSecret: 'env:B'}},
    });
    await screen.waitFor('[x] INBOX');
    await screen.press('space', 'enter');
    await screen.waitFor('Enter starts copying');
    await screen.press('esc');
    expect(screen.frame()).toContain('[ ] INBOX');
    expect(inspect).toHaveBeenCalledTimes(1);
    await screen.press('r');
    await screen.waitFor(() => inspect.mock.calls.length === 2);
    expect(inspect.mock.calls[1]?.[0].exclude).toEqual(['INBOX']);
    await screen.press('esc');
    await screen.type('2019-01-01');
    await screen.press('enter');
    await screen.waitFor('messages within the dates');
    expect(inspect).toHaveBeenCalledTimes(3);
    expect(inspect.mock.calls[2]?.[0].since).toBe('2019-01-01');
  });

  it('asks for the passwords of a profile, then checks', async () => {
    const {screen} = open({saved: {name: 'john', answers: savedAnswers}});
    expect(screen.frame()).toMatch(/▸ Password/);
    await screen.type('one');
    await screen.press('enter');
    expect(screen.frame()).toContain('Destination: the mailbox');
    await screen.type('two');
    await screen.press('enter');
    await screen.waitFor('[x] INBOX');
  });

  it('says why a sign-in failed and leads back to the answer that has to change', async () => {
    const {screen} = open({
      inspect: async () => refused,
      saved: {name: 'john', answers: {...savedAnswers, sourceSecret: 'env:A', destinationSecret: 'env:B'}},
    });
    await screen.waitFor('refuses the sign-in of john@baya.com.');
    expect(screen.frame()).toContain('✗ not signed in');
    expect(screen.frame()).toContain('Check the user id and the password.');
    expect(screen.frame()).toContain('The server says: NO AUTHENTICATE failed. red');
    expect(screen.frames.join('')).not.toContain('\u001B[31m');
    await screen.press('enter');
    expect(screen.frame()).toMatch(/▸ Password +env:A/);
  });

  it('leads to the server where its name is not known, not to the password', async () => {
    const why = problem('host-unknown', {end: 'destination', server: 'no-such-host.example:993'});
    const failed = {destination: {problem: why, accepted: false, login: 'john'}};
    const {source} = inspection;
    const {screen} = open({
      inspect: async () => ({...(source ? {source} : {}), folders: [], problems: [why], failed}),
      saved: {name: 'john', answers: {...savedAnswers, sourceSecret: 'env:A', destinationSecret: 'env:B'}},
    });
    await screen.waitFor('no-such-host.example');
    await screen.press('enter');
    expect(screen.frame()).toMatch(/▸ Server /);
  });

  it.each([60, 80, 120])(
    'lists the messages that will be refused, each with what to do, at %s columns',
    async columns => {
      const foreseen = Array.from({length: 40}, (_, index) => ({
        folder: 'INBOX',
        message: {uid: index + 1, subject: `holiday\u001b[31m ${index + 1}`, size: 41_200_000 + index},
        problem: problem('message-too-large', {size: 41_200_000 + index, limit: 37_748_736}),
      }));
      const {screen} = open({
        columns,
        inspect: async () => ({...inspection, foreseen, foreseenInAll: 1204}),
        saved: {name: 'john', answers: {...savedAnswers, sourceSecret: 'env:A', destinationSecret: 'env:B'}},
      });
      await screen.waitFor('m: see the messages');
      await screen.press('m');
      await screen.waitFor('1,204 messages will be refused, here the first 40');
      expect(screen.frame()).toMatch(/▸ INBOX .*holiday/);
      await screen.press('end');
      await screen.waitFor('holiday 40');
      expect(screen.frame()).toContain('-MaxReceiveSize');
      expect(screen.frame()).toContain('0 below');
      expect(misfits(screen.frame(), columns, 24)).toEqual([]);
      expect(screen.frame()).not.toContain('\u001b[31m 40');
      await screen.press('esc');
      await screen.waitFor('[x] INBOX');
    },
  );

  it('calls the check off with esc', async () => {
    let aborted = false;
    const {screen} = open({
      inspect: (_, signal) =>
        new Promise((__, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
      saved: {name: 'john', answers: {...savedAnswers, sourceSecret: 'env:A', destinationSecret: 'env:B'}},
    });
    await screen.waitFor('Signing in at outlook.office365.com');
    await screen.press('esc');
    await screen.waitFor('Filters');
    expect(aborted).toBe(true);
  });

  it('shows a bug in the check as a sentence, and tries again', async () => {
    let first = true;
    const {screen} = open({
      inspect: async () => {
        if (!first) return inspection;
        first = false;
        throw new Error('something broke');
      },
      saved: {name: 'john', answers: {...savedAnswers, sourceSecret: 'env:A', destinationSecret: 'env:B'}},
    });
    await screen.waitFor('something broke');
    await screen.press('r');
    await screen.waitFor('[x] INBOX');
  });

  it('saves the answers without passwords, and asks before it replaces a profile', async () => {
    const {screen, profiles} = open();
    await answerAll(screen);
    await screen.press('ctrl+s');
    await screen.waitFor('Save as a profile');
    await screen.press('ctrl+u');
    await screen.type('john-to-vault');
    await screen.press('enter');
    await screen.waitFor('Saved as john-to-vault, without passwords.');
    const kept = profiles.kept.get('john-to-vault');
    expect(kept).toMatchObject({
      kind: 'request',
      answers: {sourceUserId: 'john', destinationFolder: 'Data17012018'},
    });
    expect(JSON.stringify(kept)).not.toMatch(/hunter2|s3cret/);
    profiles.save('other', profileSchema.parse({kind: 'request', answers: {}}));
    await screen.press('ctrl+s', 'ctrl+u');
    await screen.type('other');
    await screen.press('enter');
    expect(screen.frame()).toContain('There is a profile of this name.');
    expect(profiles.kept.get('other')).toMatchObject({answers: {}});
    await screen.press('enter');
    expect(profiles.kept.get('other')).toMatchObject({answers: {sourceUserId: 'john'}});
  });

  it('refuses a name a profile cannot have', async () => {
    const {screen} = open();
    await screen.press('ctrl+s', 'ctrl+u');
    await screen.type('a/b');
    await screen.press('enter');
    expect(screen.frame()).toContain('must not look like a path');
    await screen.press('esc');
    expect(screen.frame()).toContain('What is to be carried?');
  });

  it('points at the first type from the start, also for answers saved without one', async () => {
    const {screen} = open();
    expect(screen.frame()).toMatch(/▸ ● Office 365 to IMAP server/);
    await screen.press('down');
    expect(screen.frame()).toMatch(/▸ ● IMAP server to Office 365/);
  });

  it('offers the ways to sign in, and asks what the chosen one needs', async () => {
    const {screen} = open();
    await screen.press('enter', 'tab', 'tab');
    expect(screen.frame()).toMatch(/▸ Sign in +< password >/);
    expect(screen.frame()).toContain('Microsoft has refused passwords');
    await screen.press('right');
    expect(screen.frame()).toMatch(/< app-only >/);
    expect(screen.frame()).toMatch(/Tenant[\s\S]+Client id[\s\S]+Client secret/);
    expect(screen.frame()).not.toContain('Microsoft has refused passwords');
    await screen.press('right');
    expect(screen.frame()).toMatch(/< browser >/);
    expect(screen.frame()).toMatch(/Tenant[\s\S]+Client id[\s\S]+Sign-in user/);
    expect(screen.frame()).not.toContain('secret');
  });

  it('says what a profile lacks before it is kept, and replaces the suggested name by typing', async () => {
    const {screen, profiles} = open();
    await screen.press('enter');
    await screen.type('john@baya.com');
    await screen.press('ctrl+s');
    expect(screen.frame()).toContain('it cannot be run');
    expect(screen.frame()).toContain('Source domain');
    expect(screen.frame()).toContain('Source user id is not right');
    await screen.type('mine');
    await screen.press('enter');
    expect([...profiles.kept.keys()]).toEqual(['mine']);
    expect(screen.frame()).toContain('Not complete yet.');
  });

  it('keeps the suggested name where the cursor goes into it first', async () => {
    const {screen, profiles} = open({saved: {name: 'old', answers: savedAnswers}});
    await screen.press('ctrl+s', 'left', 'right');
    await screen.type('er');
    await screen.press('enter');
    expect([...profiles.kept.keys()]).toEqual(['older']);
  });
});
