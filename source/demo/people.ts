// Three made-up people and their folders, as Office 365 names them in English, German and French.

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

export const people: readonly DemoPerson[] = [
  {
    userId: 'ines',
    name: 'Ines Halvorsen',
    folders: [
      folder('INBOX', 118),
      folder('Sent Items', 64, '\\Sent'),
      folder('Drafts', 4, '\\Drafts'),
      folder('Archive', 31, '\\Archive'),
      folder('Archive/2019', 22),
      folder('Archive/2024', 27),
      folder('Projects', 6),
      folder('Projects/Harbour 2026', 38),
      folder('Projects/Québec café', 19),
      folder('Projects/Αθήνα', 12),
      folder('Calendar', 41),
      folder('Calendar/Birthdays', 9),
      folder('Contacts', 57),
      folder('Tasks', 8),
      folder('Notes', 3),
      folder('Deleted Items', 46, '\\Trash'),
      folder('Deleted Items/Old offers', 7),
      folder('Junk Email', 21, '\\Junk'),
      folder('Conversation History', 5),
    ],
  },
  {
    userId: 'jonas',
    name: 'Jonas Übermuth',
    folders: [
      folder('INBOX', 96),
      folder('Gesendete Elemente', 58, '\\Sent'),
      folder('Entwürfe', 3, '\\Drafts'),
      folder('Aufträge', 11),
      folder('Aufträge/Köln', 34),
      folder('Aufträge/Zürich', 29),
      folder('Aufträge/Zürich/Verträge & Pläne', 17),
      folder('Rechnungen', 42),
      folder('Kalender', 38),
      folder('Kontakte', 33),
      folder('Aufgaben', 12),
      folder('Gelöschte Elemente', 51, '\\Trash'),
      folder('Junk-E-Mail', 18, '\\Junk'),
    ],
  },
  {
    userId: 'chloe',
    name: 'Chloé Garnier',
    folders: [
      folder('INBOX', 104),
      folder('Éléments envoyés', 49, '\\Sent'),
      folder('Brouillons', 2, '\\Drafts'),
      folder('Projets', 8),
      folder('Projets/Été 2026', 36),
      folder('Projets/Île de Ré', 23),
      folder('Fournisseurs', 28),
      folder('Calendrier', 29),
      folder('Contacts', 44),
      folder('Tâches', 6),
      folder('Éléments supprimés', 37, '\\Trash'),
      folder('Courrier indésirable', 15, '\\Junk'),
    ],
  },
];
