// What a person has written and saved: no password of it is shown, and nothing of it is thrown away.
import type {Defence} from '../../helpers/defence.ts';

const sheet = (
  about: string,
  file: string,
  code: string,
  instead: string,
  title: string,
  test = 'csv/shape',
): Defence => ({
  about,
  change: {file: `request/${file}.ts`, code, instead},
  test: `request/${test}.test.ts`,
  title,
});

const saved = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `profiles/${file}.ts`, code, instead},
  test: 'profiles/store.test.ts',
  title,
});

const fetched = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'profiles/secrets.ts', code, instead},
  test: 'profiles/secrets.test.ts',
  title,
});

const ran = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'profiles/shell-command.ts', code, instead},
  test: 'profiles/secrets.test.ts',
  title,
});

const readFrom = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'profiles/secret-sources.ts', code, instead},
  test: 'profiles/secret-sources.test.ts',
  title,
});

const exchanged = (about: string, code: string, instead: string): Defence => ({
  about,
  change: {file: 'program/profiles-command.ts', code, instead},
  test: 'cli/profiles.test.ts',
  title: 'a file from elsewhere is taken only whole, only when asked, and runs nothing unseen',
  built: true,
});

const agreed = (about: string, code: string, title: string): Defence => ({
  about,
  change: {file: 'profiles/shared-profile.ts', code, instead: code.startsWith('[') ? '[]' : ''},
  test: 'profiles/shared-profile.test.ts',
  title,
});

const masked = (about: string, code: string): Defence => ({
  about: `a secret is a mask ${about}`,
  change: {file: 'request/secret.ts', code, instead: ''},
  test: 'request/secret.test.ts',
  title: 'a secret as %s is a mask',
});

export const answers: readonly Defence[] = [
  sheet(
    'a password that is read by a guess is not shown',
    'csv/check',
    'mayBeSecret(column) ? {} : {value: cleanText(cell, 60)}',
    '{value: cleanText(cell, 60)}',
    'of a file that is read by a guess every doubtful cell is shown but a password',
  ),
  sheet(
    'nor comes it to light where a row is filled up',
    'csv/shape',
    '...(isLong || !harmless ? {} : {fix: pad})',
    '...(isLong ? {} : {fix: pad})',
    'a row that is too short is not filled up where a password may have moved',
  ),
  sheet(
    'nor where all is in its place',
    'csv/shape',
    '    hidden.add(index);\n',
    '',
    'a password is hidden also where every cell is surely in its place',
  ),
  sheet(
    'nor from a column that nobody knows',
    'csv/shape',
    "state !== 'known' || key === undefined || fieldOf",
    'key !== undefined && fieldOf',
    'what stands in a column with %s may be a password, also where it has moved',
  ),
  sheet(
    'what could not be read is written again',
    'csv/save',
    "unread?.text ?? ''",
    "''",
    'what could not be read is written as it stood, in the columns it was written for',
    'csv/mend',
  ),
  sheet(
    'its columns stay',
    'csv/mend',
    '  if (sheet.unread !== undefined) return [];\n',
    '',
    'what could not be read is written as it stood, in the columns it was written for',
    'csv/mend',
  ),
  sheet(
    'and none of them is offered to be left out',
    'csv/sheet',
    'sheet.unread === undefined && ',
    '',
    'what could not be read is written as it stood, in the columns it was written for',
    'csv/mend',
  ),
  sheet(
    'a row that was taken for several is not cut where some of it could not be read',
    'csv/records',
    'unread === undefined && ',
    '',
    'leave no line out, also where too many of them stand in what was taken for one row',
    'csv/records',
  ),
  sheet(
    'the server says which of two types is written',
    'csv/mend',
    'typeCode(answer, sourceServer, destinationServer)',
    "typeCode(answer, '', '')",
    'a type that the server makes clear is written so, and left as it is where no server does',
    'csv/mend',
  ),
  sheet(
    'and none of the two before one does',
    'types',
    "known.includes('vaultastic') || known.includes('skyconnect') ? found.code : text",
    'found.code',
    'a type that the server makes clear is written so, and left as it is where no server does',
    'csv/mend',
  ),
  sheet(
    'a blank that became part of a password is told',
    'check-endpoint',
    '  if (text !== text.trim() && !isSecretReference(text)) return blankSecret(rules);\n',
    '',
    'a password with a blank at an end keeps it, and is told without being shown; also what is likely the cause',
    'csv/check',
  ),
  sheet(
    'a row is checked as its columns are now',
    'csv/check',
    'before.columns === sheet.columns && ',
    '',
    'rows are checked again when a column has got another meaning',
  ),
  saved(
    'a saved profile has no password',
    'profile',
    'withoutSecrets(answers)',
    'answers',
    'a profile is kept for its owner only, without its secret',
  ),
  saved(
    'the profiles of a newer version stay as they are',
    'store',
    "  if (found.state === 'newer') {",
    "  if (found.state === ('' as string)) {",
    "a newer mailferry's file is neither read nor written",
  ),
  saved(
    'what cannot be read is told',
    'store',
    "  if (found.state === 'unreadable') {",
    "  if (found.state === ('' as string)) {",
    'what cannot be read is told, and nothing is written in its place',
  ),
  saved(
    'profiles that were spoilt are not begun anew',
    'store',
    'clearInvalidConfig: false',
    'clearInvalidConfig: true',
    'a file that is spoilt while it is used is not begun anew',
  ),
  saved(
    'a new name takes no other profile’s place',
    'store',
    '        if (Object.hasOwn(others, to)) throw new ProfileError(`There is a profile "$' +
      '{to}" already.`);\n',
    '',
    'profiles are listed by name, replaced, renamed and removed',
  ),
  saved(
    'a new name is one that can be used',
    'store',
    '        checkName(to);\n',
    '',
    'a profile is given no name that it could not be saved under',
  ),
  saved(
    'an older file is kept as it was',
    'profile-file',
    '  if (!existsSync(kept)) copyFileSync(path, kept);\n',
    '',
    'a file of version 1 is brought up to date, and kept as it was',
  ),
  saved(
    'what was kept first stays',
    'profile-file',
    'if (!existsSync(kept)) copyFileSync',
    'copyFileSync',
    'what an older file was before it was brought up to date stays as it was kept first',
  ),
  saved(
    'a damaged file is put where nothing is',
    'profile-file',
    '    if (existsSync(aside)) continue;\n',
    '',
    'a damaged file (%j) is put aside, told, and never wiped',
  ),
  fetched(
    'a message names the program of a command, not what it is given',
    "command.trim().split(/\\s+/)[0] ?? ''",
    'command',
    'what was tried is told, never the secret',
  ),
  fetched(
    'the strict policy holds for what is fetched',
    "passwordPolicy === 'strict' && ",
    "passwordPolicy === 'off' && ",
    'the strict policy holds for fetched secrets too',
  ),
  ran(
    'a command that does not read what it is told ends nothing',
    "    child.stdin?.on('error', () => undefined);\n",
    '',
    'may leave what it is told unread',
  ),
  ran(
    'what a command has started ends with it',
    "if (ownGroup && child.pid !== undefined) killProcess(-child.pid, 'SIGKILL');\n        else child",
    'child',
    'is ended at the time limit, with everything it started',
  ),
  ran(
    'and is in a group of its own for that',
    'detached: ownGroup',
    'detached: false',
    'is ended at the time limit, with everything it started',
  ),
  ran(
    'a command that prints without end is ended',
    '        tooLong = true;\n        kill();',
    '        tooLong = true;',
    'is ended where it prints without end',
  ),
  ran(
    'one that nobody waits for is ended',
    "    stop?.addEventListener('abort', kill, {once: true});\n",
    '',
    'is ended when nobody waits for it any more',
  ),
  ran(
    'also where nobody waited from the first',
    '    if (stop?.aborted === true) kill();\n',
    '',
    'is ended when nobody waits for it any more',
  ),
  readFrom(
    'a pipe that nobody writes into holds nothing up',
    ' | constants.O_NONBLOCK',
    '',
    'is waited for no longer than anybody waits',
  ),
  readFrom(
    'a pipe is waited for',
    '(!isPipe || bytes > 0)',
    'true',
    'is waited for no longer than anybody waits',
  ),
  readFrom(
    'no longer than anybody waits',
    "      if (signal.aborted) throw coded('ETIMEDOUT', 'Nobody writes into the pipe');\n",
    '',
    'is waited for no longer than anybody waits',
  ),
  readFrom(
    'a password has an end',
    "      if (bytes > mostBytes) throw coded('EFBIG', 'Too much for a password');\n",
    '',
    'a file without end is given up after what no password needs',
  ),
  masked('in a text', '  toString(): string {\n    return mask;\n  }\n'),
  masked('in JSON', '  toJSON(): string {\n    return mask;\n  }\n'),
  masked('in a log', '  [inspect.custom](): string {\n    return mask;\n  }\n'),
  sheet(
    'a CSV that is written has no password',
    'csv/write',
    'requests.map(withoutSecrets)',
    '[...requests]',
    'a clear secret is not written',
    'csv/csv',
  ),
  {
    about: 'a token is renewed for whoever signed in last',
    change: {
      file: 'engine/auth/msal.ts',
      code: 'account.homeAccountId !== result.account.homeAccountId',
      instead: 'false',
    },
    test: 'engine/auth/kept-sign-ins.test.ts',
    title: 'so does whoever has signed in last, of several others who may open the mailbox',
  },
  {
    about: 'a run from answers is not taken for a profile that asks for something else',
    change: {
      file: 'program/again.ts',
      code: 'workOf(saved.requests) === workOf(asked)',
      instead: 'true',
    },
    test: 'program/again-answers.test.ts',
    title: 'a run from answers is not taken for the saved profile of that name that asks for something else',
  },
  {
    about: 'what the command line asks for counts for a run from answers too',
    change: {
      file: 'program/again.ts',
      code: '= withFolders(request, own)',
      instead: '= request',
    },
    test: 'program/again-answers.test.ts',
    title: 'what the command line leaves out is left out of a run from answers too',
  },
  {
    about: 'what is asked again has no password either',
    change: {
      file: 'program/kept-requests.ts',
      code: "secret.kind === 'value' ? {kind: 'ask'} : secret",
      instead: 'secret',
    },
    test: 'program/again.test.ts',
    title:
      'a run from answers that were not saved is gone on with by its name; typed passwords are asked for',
  },
  {
    about: 'passwords and tokens go to no identity provider in clear',
    change: {
      file: 'program/microsoft-environment.ts',
      code: "URL.canParse(authority) && new URL(authority).protocol === 'https:'",
      instead: 'URL.canParse(authority)',
    },
    test: 'program/microsoft.test.ts',
    title: 'an authority that is no secure address is refused before anything runs',
  },
  {
    about: 'opens nothing but a secure page',
    change: {file: 'program/open-page.ts', code: ' || !/^https:\\/\\//.test(address)', instead: ''},
    test: 'program/microsoft.test.ts',
    title: 'nothing is opened that is no secure page: %s',
  },
  exchanged(
    'a profile that is handed on takes no file’s place',
    'Buffer.from(text), options.yes',
    'Buffer.from(text), true',
  ),
  exchanged(
    'and is for its owner alone',
    'await system.files.write(path, Buffer.from(text), options.yes)',
    "(await import('node:fs')).writeFileSync(path, text, {flag: options.yes ? 'w' : 'wx'})",
  ),
  exchanged(
    'one from elsewhere takes no other’s place',
    'replaces && !options.yes',
    'replaces && options.ascii',
  ),
  exchanged('and runs no command unseen', '  await agreeTo(shared.profile, first, {options, system});\n', ''),
  agreed(
    'nor one among its options',
    '    ...setCommands(set),\n',
    'every command is told, wherever it stands',
  ),
  agreed(
    'and sends no password of this machine unseen',
    '[`$' + '{secret.trim()} to $' + '{to}`]',
    'a password from this machine (%s) is told with the server it goes to',
  ),
  agreed(
    'nor a token',
    '[`a sign-in at Microsoft to $' + '{to}`]',
    'a sign-in at Microsoft is told where its token goes to another server',
  ),
];
