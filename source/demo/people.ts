// Made-up people and their folders, as Office 365 names them in English, German and French.

export type DemoFolder = {
  readonly path: readonly string[];
  /** Messages in it. */
  readonly messages: number;
  /** As Exchange flags it in LIST; most of its folders that are not mail have no flag. */
  readonly specialUse?: string;
};

export type DemoPerson = {
  readonly userId: string;
  readonly name: string;
  readonly folders: readonly DemoFolder[];
};

const folder = (path: string, messages: number, specialUse?: string): DemoFolder => ({
  path: path.split('/'),
  messages,
  ...(specialUse === undefined ? {} : {specialUse}),
});

/** Left behind by the rule of the request: not mail, or thrown away. */
const notCarried = [
  folder('Calendar', 21),
  folder('Calendar/Birthdays', 6),
  folder('Contacts', 27),
  folder('Tasks', 5),
  folder('Notes', 3),
  folder('Deleted Items', 26, '\\Trash'),
  folder('Deleted Items/Old offers', 7),
  folder('Junk Email', 11, '\\Junk'),
  folder('Conversation History', 4),
];

const sent = (messages: number) => folder('Sent Items', messages, '\\Sent');
const drafts = (messages: number) => folder('Drafts', messages, '\\Drafts');
const archive = (messages: number) => folder('Archive', messages, '\\Archive');

export const people: readonly DemoPerson[] = [
  {
    userId: 'ines',
    name: 'Ines Halvorsen',
    folders: [
      ...[folder('INBOX', 72), sent(44), drafts(4), archive(31), folder('Archive/2019', 12)],
      ...[folder('Projects', 16), folder('Projects/Harbour 2026', 21), folder('Projects/Αθήνα', 8)],
      ...notCarried,
    ],
  },
  {
    userId: 'marek',
    name: 'Marek Zieliński',
    folders: [
      ...[folder('INBOX', 58), sent(31), drafts(2), archive(24)],
      ...[folder('Projects', 19), folder('Projects/Łódź quay', 14), folder('Suppliers', 9)],
      ...notCarried,
    ],
  },
  {
    userId: 'aoife',
    name: "Aoife O'Hara",
    folders: [
      ...[folder('INBOX', 66), sent(52), drafts(1), archive(18), folder('Archive/2021', 9)],
      ...[folder('Projects', 27), folder('Projects/Québec café', 11)],
      ...notCarried,
    ],
  },
  {
    userId: 'jonas',
    name: 'Jonas Übermuth',
    folders: [
      ...[folder('INBOX', 61), folder('Gesendete Elemente', 38, '\\Sent'), folder('Entwürfe', 3, '\\Drafts')],
      ...[folder('Aufträge', 11), folder('Aufträge/Köln', 18), folder('Aufträge/Zürich', 16)],
      ...[folder('Aufträge/Zürich/Verträge & Pläne', 12), folder('Kalender', 18), folder('Kontakte', 23)],
      ...[
        folder('Aufgaben', 8),
        folder('Gelöschte Elemente', 21, '\\Trash'),
        folder('Junk-E-Mail', 8, '\\Junk'),
      ],
    ],
  },
  {
    userId: 'chloe',
    name: 'Chloé Garnier',
    folders: [
      ...[folder('INBOX', 64), folder('Éléments envoyés', 29, '\\Sent'), folder('Brouillons', 2, '\\Drafts')],
      ...[folder('Projets', 8), folder('Projets/Été 2026', 24), folder('Projets/Île de Ré', 17)],
      ...[folder('Fournisseurs', 13), folder('Calendrier', 19), folder('Contacts', 14), folder('Tâches', 6)],
      ...[folder('Éléments supprimés', 17, '\\Trash'), folder('Courrier indésirable', 9, '\\Junk')],
    ],
  },
  {
    userId: 'tomas',
    name: 'Tomáš Novák',
    folders: [
      ...[folder('INBOX', 49), sent(27), drafts(3), archive(36)],
      ...[folder('Projects', 13), folder('Projects/Říp', 10)],
      ...notCarried,
    ],
  },
];
