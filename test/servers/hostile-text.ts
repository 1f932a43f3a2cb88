// Text meant to hurt whoever shows it: what acts on a terminal, what shows one thing and means another, and folder names.

/** As UTF-8 on the wire. */
export const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** What must never act on a terminal, nor be seen: each does something that the emulator would show. */
export const acts = [
  '\x1b]0;PWNED\x07',
  '\x1b]2;PWNED\x1b\\',
  '\x1b]52;c;UFdORUQ=\x07',
  '\x1b]8;;http://pwned.example\x07link\x1b]8;;\x07',
  '\x1b[2J\x1b[1;1HPWNED',
  '\x1b[31;5m',
  '\x1b[?1049l\x1b[?25l',
  '\x1bP+q544e\x1b\\',
  '\x1b#8\x1bc',
  '\x1b[5n\x1b[c',
  '\u009b2J\u009d0;PWNED\u009c\u0090q\u009c',
  '\b\b\b\r\x07\x0e\x7f',
].join('');
/** Draws, but not what it says. */
export const misleads = `\u202egpj.exe\u202c\u2066\u2069\u200b\u200f\ufeff\u{e0041}\u2028\u2029\ud800Z${'a\u0301\u0489'.repeat(1)}${'\u0489'.repeat(400)}`;
export const evil = `${acts}evil${misleads}`;

export const awfulNames = [
  '',
  '.',
  '..',
  '../../../../etc/passwd',
  '..\\..\\windows',
  '/',
  '//',
  'a//b',
  '/etc/passwd',
  'CON',
  'NUL',
  'com1.txt',
  'C:',
  'x'.repeat(1000),
  'é'.repeat(1000),
  'a'.repeat(300).split('').join('/'),
  evil,
  acts,
  misleads,
  '=cmd|calc!A0',
  '+1',
  '-1',
  '@SUM(1)',
  '\t=1',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'Café',
  'Cafe\u0301',
  'CAFÉ',
  'inbox',
  'Inbox/x',
  '%',
  '*',
  'a"b\\c',
  ' ',
  'x ',
  '\u00a0',
  '\u200b',
  '~root',
  '#news',
  '{5}',
  'NIL',
  '__proto__',
  'constructor',
];
/** No valid modified UTF-7. */
export const brokenNames = [
  '&',
  '&-',
  '&AAA-',
  '&2AA-',
  '&3AA-',
  '&AAAAAAAA-',
  '&!!!-',
  '\xff\xfe\x80',
  '\xed\xa0\x80',
  'x&2D3eAA-&',
  'a\tb',
];
