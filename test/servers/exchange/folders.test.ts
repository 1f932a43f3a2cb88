import {describe, expect, it} from 'vitest';
import {address, simulation} from './simulated.ts';
import {languageNames, standardFolders} from './standard-folders.ts';
import {Talk} from './talk.ts';

const start = simulation();

async function signedIn(options?: Parameters<typeof start>[0]) {
  const simulated = await start(options);
  return {...simulated, talk: await Talk.signedIn(simulated.server, address)};
}

describe('LIST', () => {
  it('shows a Danish mailbox as the log of one has it', async () => {
    const {talk, mailbox} = await signedIn({account: {language: 'da'}});
    mailbox.create('Kalender/Helligdage i Danmark', {mail: false});
    const lines = (await talk.ask('1 LIST "" "*"')).split('\r\n');
    for (const line of [
      '* LIST (\\HasNoChildren) "/" INBOX',
      '* LIST (\\HasNoChildren) "/" Arkiv',
      '* LIST (\\HasChildren) "/" Kalender',
      '* LIST (\\HasNoChildren) "/" Kalender/F&APg-dselsdage',
      '* LIST (\\HasNoChildren) "/" "Kalender/Helligdage i Danmark"',
      '* LIST (\\HasNoChildren \\Drafts) "/" Kladder',
      '* LIST (\\HasNoChildren \\Sent) "/" "Sendt post"',
      '* LIST (\\HasNoChildren \\Trash) "/" "Slettet post"',
      '* LIST (\\HasNoChildren) "/" Opgaver',
    ])
      expect(lines).toContain(line);
    expect(lines.join()).not.toContain('\\Archive');
    expect(await talk.ask('2 LIST "" "*" RETURN (SPECIAL-USE)')).toBe('2 BAD Command Argument Error. 11\r\n');
    expect((await talk.ask('3 LIST "" "Kalender/%"')).match(/\* LIST/g)).toHaveLength(2);
    talk.close();
  });

  it('knows every folder in every language', () => {
    for (const language of languageNames) {
      const folders = standardFolders(language);
      expect(folders.length, language).toBe(19);
      expect(folders.flatMap(({path}) => path).every(name => name !== '' && name.trim() === name)).toBe(true);
    }
  });

  it('marks folders with new mail, and may write the inbox as "Inbox"', async () => {
    const {talk, mailbox} = await signedIn({quirks: {inboxName: 'Inbox'}});
    mailbox.add('INBOX', 'Subject: a\r\n\r\n');
    expect(await talk.ask('1 LIST "" INBOX')).toContain('* LIST (\\Marked \\HasNoChildren) "/" Inbox\r\n');
    await talk.ask('2 SELECT Inbox');
    expect(await talk.ask('3 LIST "" inbox')).toContain('* LIST (\\HasNoChildren) "/" Inbox\r\n');
    talk.close();
  });

  it('hides a folder with "/" in its name, and all below it, but not from the administration', async () => {
    const {talk, mailbox} = await signedIn({account: {standardFolders: false}});
    mailbox.add(['Offers 2019/20', 'Won'], 'Subject: a\r\n\r\n');
    expect((await talk.ask('1 LIST "" "*"')).match(/\* LIST/g)).toHaveLength(1);
    expect(await talk.ask('2 SELECT "Offers 2019/20"')).toBe("2 NO Offers 2019/20 doesn't exist.\r\n");
    expect(mailbox.count()).toEqual({folders: 3, messages: 1});
    mailbox.own.slashFolders = 'shown';
    expect((await talk.ask('3 LIST "" "*"')).match(/\* LIST/g)).toHaveLength(3);
    talk.close();
  });

  it('sends a name with TABs bare, and takes it back', async () => {
    const {talk, mailbox} = await signedIn();
    mailbox.create('Da\tOggetto\tRicevuto');
    expect(await talk.ask('1 LIST "" "Da*"')).toContain('"/" Da\tOggetto\tRicevuto\r\n');
    expect(await talk.ask('2 EXAMINE "Da\tOggetto\tRicevuto"')).toContain('2 OK');
    expect(await talk.ask('3 EXAMINE "Da&AAk-Oggetto&AAk-Ricevuto"')).toContain('3 OK');
    talk.close();
  });
});

describe('SELECT and STATUS', () => {
  it('answer as the logs have it', async () => {
    const {talk, mailbox} = await signedIn();
    mailbox.add('INBOX', 'Subject: a\r\n\r\n', {flags: ['\\Seen']});
    mailbox.add('INBOX', 'Subject: b\r\n\r\n');
    expect(await talk.ask('a3 SELECT INBOX')).toBe(
      [
        '* 2 EXISTS',
        '* 2 RECENT',
        '* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent)',
        '* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent)] Permanent flags',
        '* OK [UNSEEN 2] Is the first unseen message',
        '* OK [UIDVALIDITY 14] UIDVALIDITY value',
        '* OK [UIDNEXT 3] The next unique identifier value',
        'a3 OK [READ-WRITE] SELECT completed.',
        '',
      ].join('\r\n'),
    );
    expect(await talk.ask('a4 STATUS "Junk Email" (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)')).toMatch(
      /^\* STATUS "Junk Email" \(MESSAGES 0 RECENT 0 UIDNEXT 1 UIDVALIDITY 20\d UNSEEN 0\)\r\na4 OK STATUS completed\.\r\n$/,
    );
    expect(await talk.ask('a5 STATUS INBOX (MESSAGES SIZE)')).toBe('a5 BAD Command Argument Error. 11\r\n');
    expect(await talk.ask('a6 SELECT Nowhere')).toBe("a6 NO Nowhere doesn't exist.\r\n");
    expect(await talk.ask('a7 FETCH 1 (FLAGS)')).toBe('a7 BAD Command received in Invalid state.\r\n');
    talk.close();
  });

  it('share small UIDVALIDITYs, and give another when the folder is reset', async () => {
    const {mailbox} = await start();
    const values = mailbox.folders.map(folder => folder.uidValidity);
    expect(new Set(values).size).toBeLessThan(values.length);
    expect(Math.max(...values)).toBeLessThan(1000);
    mailbox.add('INBOX', 'Subject: a\r\n\r\n');
    mailbox.resetUidValidity('INBOX');
    expect(mailbox.folders[0]?.uidValidity).toBe(15);
  });

  it('closes the socket on a name that ends in a blank', async () => {
    const {talk, mailbox} = await signedIn();
    mailbox.create('Old ');
    expect(await talk.ask('1 LIST "" "Old*"')).toContain('"Old "');
    talk.send('2 SELECT "Old "\r\n');
    expect(await talk.rest()).toBe('');
  });
});

describe('CREATE', () => {
  it('is case-insensitive, makes parents, and refuses what is reserved', async () => {
    const {talk, mailbox} = await signedIn();
    expect(await talk.ask('1 CREATE drafts')).toBe('1 NO Mailbox already exists.\r\n');
    expect(await talk.ask('2 CREATE Data/Pr&APY-jects')).toBe('2 OK CREATE completed.\r\n');
    expect(await talk.ask('3 CREATE Data')).toBe('3 NO Mailbox already exists.\r\n');
    expect(await talk.ask('4 CREATE Files')).toBe('4 NO Folder name is reserved\r\n');
    expect(await talk.ask('5 SUBSCRIBE Data')).toBe('5 OK SUBSCRIBE completed.\r\n');
    expect(mailbox.messages('Data/Pröjects')).toEqual([]);
    expect(await talk.ask('6 DELETE Data/Pr&APY-jects')).toBe('6 OK DELETE completed.\r\n');
    talk.close();
  });
});
