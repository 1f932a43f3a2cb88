import fc from 'fast-check';
import {expect, test} from 'vitest';
import {isRoleName} from '../../../source/engine/folders/localised.ts';
import type {ListedFolder} from '../../../source/engine/folders/path.ts';
import {readPath, showPath} from '../../../source/engine/folders/path.ts';
import type {FolderChoice} from '../../../source/engine/folders/select.ts';
import {choiceProblems, selectFolders} from '../../../source/engine/folders/select.ts';

const o365: FolderChoice = {include: [], exclude: [], withJunk: false, provider: 'o365'};
const imap: FolderChoice = {...o365, provider: 'imap'};

function listed(text: string, ...flags: string[]): ListedFolder {
  const noSelect = flags.includes('\\Noselect');
  return {path: readPath(text), delimiter: '/', flags, noSelect, messages: 1};
}
const chosen = (folders: readonly ListedFolder[], choice: FolderChoice) =>
  selectFolders(folders, choice)
    .filter(each => each.selected)
    .map(each => each.path);
const reason = (folders: readonly ListedFolder[], choice: FolderChoice, path: string) =>
  selectFolders(folders, choice).find(each => each.path === path)?.reason;

// LIST of a Danish Exchange mailbox as it comes: no SPECIAL-USE capability, flags all the same.
const danish = [
  listed('INBOX'),
  listed('Arkiv'),
  listed('Kalender'),
  listed('Kalender/Fødselsdage'),
  listed('Journal'),
  listed('Kladder', '\\HasNoChildren', '\\Drafts'),
  listed('Kontakter'),
  listed('Noter'),
  listed('Opgaver'),
  listed('Samtalehistorik'),
  listed('Sendt post', '\\Sent'),
  listed('Slettet post', '\\HasChildren', '\\Trash'),
  listed('Slettet post/Gammelt'),
  listed('Uønsket mail', '\\Junk'),
  listed('Projekter/Kalender'),
];

test('a localised Exchange mailbox gives its mail and nothing else', () => {
  expect(chosen(danish, o365)).toEqual(['INBOX', 'Arkiv', 'Kladder', 'Sendt post', 'Projekter/Kalender']);
});

test('every left-out folder says why, and below which folder it is', () => {
  for (const each of selectFolders(danish, o365)) expect(each.reason === undefined).toBe(each.selected);
  expect(reason(danish, o365, 'Slettet post/Gammelt')).toBe(
    'below Slettet post: mail moved to Trash (rule of the request)',
  );
  expect(reason(danish, o365, 'Samtalehistorik')).toMatch(/not mail/);
});

test.each([
  [
    'en',
    'Calendar | Contacts | Tasks | Deleted Items | Junk Email | Notes | Journal | Outbox | Conversation History | Sync Issues | RSS Feeds',
  ],
  [
    'de',
    'Kalender | Kontakte | Aufgaben | Gelöschte Elemente | Junk-E-Mail | Notizen | Postausgang | Synchronisierungsprobleme',
  ],
  [
    'fr',
    'Calendrier | Tâches | Éléments supprimés | Courrier indésirable | Boîte d’envoi | Historique des conversations',
  ],
  [
    'es',
    'Calendario | Contactos | Tareas | Elementos eliminados | Correo no deseado | Bandeja de salida | Diario',
  ],
  ['it', 'Contatti | Attività | Posta eliminata | Posta indesiderata | Posta in uscita'],
  ['nl', 'Agenda | Contactpersonen | Taken | Verwijderde items | Ongewenste e-mail | Postvak UIT'],
  [
    'pt, pt-BR',
    'Calendário | Tarefas | Itens Eliminados | Itens Excluídos | Lixo Eletrônico | Caixa de Saída',
  ],
  [
    'sv, nb, fi',
    'Borttaget | Skräppost | Uppgifter | Slettede elementer | Søppelpost | Poistetut | Roskaposti | Tehtävät',
  ],
  [
    'pl, cs, sk, hu, ro',
    'Elementy usunięte | Odstraněná pošta | Odstránené položky | Törölt elemek | Elemente șterse | Kalendář | Feladatok',
  ],
  ['ru, uk', 'Удаленные | Календарь | Задачи | Видалені | Завдання | Контакти'],
  ['tr, el', 'Silinmiş Öğeler | Takvim | KİŞİLER | Διαγραμμένα | Ημερολόγιο'],
  [
    'ja, zh, ko',
    '削除済みアイテム | 予定表 | 連絡先 | 已删除邮件 | 日历 | 联系人 | 行事曆 | 連絡人 | 지운 편지함 | 일정',
  ],
  ['he, ar, th, vi', 'פריטים שנמחקו | לוח שנה | العناصر المحذوفة | المهام | ปฏิทิน | Lịch'],
])('Exchange in %s', (_language, names) => {
  const folders = names.split(' | ').map(name => listed(name));
  expect(chosen(folders, o365)).toEqual([]);
});

test('names match whatever their composition, case and direction marks', () => {
  expect(isRoleName('GELO\u0308SCHTE elemente', 'trash')).toBe(true);
  expect(isRoleName('\u200fפריטים שנמחקו', 'trash')).toBe(true);
  expect(isRoleName("BOÎTE D'ENVOI", 'outbox')).toBe(true);
  expect(isRoleName('', 'trash')).toBe(false);
});

test('a flag wins over the name, in any case', () => {
  expect(chosen([listed('Tasks', '\\SENT'), listed('Weg', '\\trash')], o365)).toEqual(['Tasks']);
});

test('other servers: a folder named Tasks is mail, trash and spam are not', () => {
  const folders = ['INBOX', 'Tasks', 'Calendar', 'Trash', 'Spam', 'Work/Trash'].map(name => listed(name));
  expect(chosen(folders, imap)).toEqual(['INBOX', 'Tasks', 'Calendar', 'Work/Trash']);
  expect(chosen([listed('INBOX/Trash'), listed('INBOX/Old')], {...imap, prefix: ['INBOX']})).toEqual([
    'INBOX/Old',
  ]);
});

test('Gmail: the views of other mail are left out and said so', () => {
  const folders = [
    listed('INBOX'),
    listed('[Gmail]', '\\Noselect'),
    listed('[Gmail]/Alle Nachrichten', '\\All'),
    listed('[Gmail]/Gesendet', '\\Sent'),
    listed('[Gmail]/Markiert', '\\Flagged'),
    listed('[Gmail]/Wichtig', '\\Important'),
    listed('[Gmail]/Papierkorb', '\\Trash'),
  ];
  expect(chosen(folders, {...imap, provider: 'gmail'})).toEqual(['INBOX', '[Gmail]/Gesendet']);
  expect(reason(folders, imap, '[Gmail]')).toMatch(/folders only/);
});

test('children of a folder that holds no mail are copied', () => {
  expect(chosen([listed('Lists', '\\Noselect'), listed('Lists/a')], imap)).toEqual(['Lists/a']);
});

test('junk comes with withJunk', () => {
  expect(chosen(danish, {...o365, withJunk: true})).toContain('Uønsket mail');
});

test('the person overrides the rule, and the most exact path decides', () => {
  expect(
    chosen(danish, {...o365, include: ['Kalender'], exclude: ['Kalender/Fødselsdage', 'INBOX']}),
  ).toEqual(['Arkiv', 'Kalender', 'Kladder', 'Sendt post', 'Projekter/Kalender']);
  expect(chosen(danish, {...o365, include: ['Slettet post/Gammelt']})).toContain('Slettet post/Gammelt');
  expect(chosen([listed('A')], {...o365, include: ['A'], exclude: ['A']})).toEqual([]);
});

test('the same mailbox at both ends: the destination folder is not carried into itself', () => {
  const folders = ['INBOX', 'Data', 'Data/INBOX'].map(name => listed(name));
  expect(chosen(folders, {...o365, ownFolder: ['Data'], include: ['Data']})).toEqual(['INBOX']);
});

test('the source folder takes everything below it and nothing beside it', () => {
  const folders = ['INBOX', 'Work', 'Work/2019', 'Workshop', 'Deleted Items/Old'].map(name => listed(name));
  expect(chosen(folders, {...o365, sourceFolder: 'Work'})).toEqual(['Work', 'Work/2019']);
  expect(chosen(folders, {...o365, sourceFolder: 'inbox'})).toEqual(['INBOX']);
  expect(chosen(folders, {...o365, sourceFolder: 'Deleted Items/Old'})).toEqual(['Deleted Items/Old']);
  expect(reason(folders, {...o365, sourceFolder: 'Work'}, 'INBOX')).toBe('outside the source folder Work');
});

test('a source folder that is not there names what is near', () => {
  const folders = ['INBOX', 'Projects/Alpha', 'Project'].map(name => listed(name));
  const [missing] = choiceProblems(folders, {...o365, sourceFolder: 'Projcts/Alpha'});
  expect(missing).toMatchObject({code: 'source-folder-not-found', verdict: 'stop'});
  expect(missing?.nextStep).toContain('Projects/Alpha');
  expect(choiceProblems(folders, {...o365, sourceFolder: 'alpha'})[0]?.nextStep).toContain('Projects/Alpha');
  expect(choiceProblems(folders, {...o365, exclude: ['Nothing']})[0]).toMatchObject({
    code: 'choice-not-found',
    verdict: 'skip',
  });
  expect(choiceProblems([listed('Calendar')], o365)[0]?.code).toBe('nothing-selected');
  expect(choiceProblems(folders, o365)).toEqual([]);
});

test('a shown path can be typed back and means one folder only', () => {
  expect(showPath(['INBOX', 'AC/DC', 'a\\b'])).toBe('INBOX/AC\\/DC/a\\b');
  expect(showPath(['a\\', 'b\\\\', 'c\\/d\\'])).toBe('a\\\\/b\\\\\\\\/c\\\\\\/d\\');
  const level = fc.string({unit: fc.constantFrom('a', '/', '\\', ' ', 'é'), minLength: 1, maxLength: 6});
  fc.assert(
    fc.property(fc.array(level, {minLength: 1, maxLength: 4}), path => {
      expect(readPath(showPath(path))).toEqual(path);
    }),
  );
  expect(readPath('C:\\temp/x')).toEqual(['C:\\temp', 'x']);
  expect(readPath('/a//b/')).toEqual(['a', 'b']);
});
