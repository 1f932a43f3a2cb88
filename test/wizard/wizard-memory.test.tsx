// What the wizard keeps beyond the run: passwords in the keychain, answers for the next time.
import {afterEach, describe, expect, it} from 'vitest';
import {cleanup} from '../helpers/render.tsx';
import {answerAll, open, savedAnswers} from './opened.tsx';

afterEach(cleanup);

describe('the wizard', () => {
  it('keeps the passwords in the keychain where that is asked for, and says in the profile where they are', async () => {
    const {screen, profiles, keepSecret} = open();
    await answerAll(screen);
    await screen.press('ctrl+s');
    await screen.waitFor('[ ] Keep the passwords in the system keychain');
    await screen.press('tab');
    await screen.waitFor('[x] Keep the passwords in the system keychain');
    await screen.press('ctrl+u');
    await screen.type('x');
    await screen.press('enter');
    await screen.waitFor('Saved as x, passwords in the system keychain.');
    expect(keepSecret.mock.calls).toEqual([
      [{name: 'john@baya.com at outlook.office365.com', secret: 'hunter2'}],
      [{name: 'john@vault.example at imap.vault.example', secret: 's3cret!'}],
    ]);
    const [kept] = [...profiles.kept.values()];
    expect(kept).toMatchObject({
      answers: {
        sourceSecret: 'keychain:john@baya.com at outlook.office365.com',
        destinationSecret: 'keychain:john@vault.example at imap.vault.example',
      },
    });
    expect(JSON.stringify(kept)).not.toMatch(/hunter2|s3cret/);
  });

  it('says why a keychain does not take them, and has saved nothing then', async () => {
    const putSecret = () => Promise.reject(new Error('There is no system keychain here.'));
    const {screen, profiles} = open({putSecret});
    await answerAll(screen);
    await screen.press('ctrl+s', 'tab', 'enter');
    await screen.waitFor('There is no system keychain here.');
    expect(profiles.kept.size).toBe(0);
    await screen.press('tab', 'ctrl+u');
    await screen.type('x');
    await screen.press('enter');
    await screen.waitFor('Saved as x, without passwords.');
    expect(profiles.kept.size).toBe(1);
  });

  it('starts with the answers of the last time, and remembers those of this one', async () => {
    const {screen, onStart, profiles} = open({
      last: {...savedAnswers, sourceSecret: 'env:A', since: '2011-11-11'},
    });
    await screen.waitFor('Filled in as last time.');
    await screen.press('enter');
    await screen.waitFor('baya.com');
    expect(screen.frame()).not.toContain('env:A');
    await screen.press('enter');
    await screen.type('hunter2');
    await screen.press('enter');
    await screen.waitFor('vault.example');
    await screen.press('enter');
    await screen.type('s3cret!');
    await screen.press('enter');
    await screen.waitFor('Since');
    expect(screen.frame()).not.toContain('2011-11-11');
    await screen.press('enter');
    await screen.waitFor('[x] INBOX');
    await screen.press('enter', 'enter');
    expect(onStart).toHaveBeenCalledOnce();
    const last = profiles.lastAnswers();
    expect(last.answers['O365-IMAP']).toMatchObject({
      sourceUserId: 'john',
      destinationServer: 'vault.example',
    });
    expect(JSON.stringify(last)).not.toMatch(/hunter2|s3cret/);
  });
});
