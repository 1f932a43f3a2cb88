// What becomes of a list of mailboxes while a server lets nobody in any more, and of sign-ins that were taken before.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const night = 'is waited for as long as a night, every few minutes, and each wait says for how long already';
const after = 'is given up after that, soon also by those whose turn comes then, until it lets somebody in';
const hangsUp = 'and where something answers and hangs up, once it does so to another too';
const greets = 'and where Exchange greets and hangs up, which it does to a session too many as well';
const hours = 'half an hour without a server costs no mailbox of 60, %s at once';
const missed = rowOf('engine/link/pace', 'engine/copy/away');
const shown = rowOf('engine/link/presence', 'engine/copy/away');
const closed = rowOf('engine/batch', 'engine/outage');

const toldNow = 'a password that is wrong at the other end is told at once all the same, and no hour later';
const askedTo = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `engine/copy/${file}.ts`, code, instead},
  test: 'engine/copy/asked-to-wait.test.ts',
  title,
});

const pace = rowOf('engine/link/pace', 'engine/link/pace');

const anew = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `engine/${file}.ts`, code, instead},
  test: 'engine/exchange/refused-anew.test.ts',
  title,
});

export const away: readonly Defence[] = [
  rowOf('engine/look/survey', 'engine/outage')(
    'waits at no end for what the other one has ended',
    'if (error instanceof MailboxStopped) other.inVain();',
    '',
    toldNow,
  ),
  rowOf('engine/link/link', 'engine/outage')(
    'nor in a pause that has begun',
    'AbortSignal.any([stop.finish, this.#vain.signal])',
    'stop.finish',
    toldNow,
  ),
  askedTo(
    'sends no batch in pieces while it is to wait',
    'writer',
    ' || answer.throttleReset !== undefined) throw answer;',
    ') throw answer;',
    'refuses a batch as a whole for it: its messages are not sent one by one meanwhile',
  ),
  askedTo(
    'mends nothing while it is to wait',
    'mend-refused',
    'if (answered.some(isThrottled)) return this.without(answered);',
    '',
    'says so behind a refused message: that one is not mended and sent once more meanwhile',
  ),
  askedTo(
    'nor the next one after the first was told to wait',
    'mend-refused',
    ' || fates.some(isThrottled)) {',
    ') {',
    'says so to a mended message: the next one is not mended and sent once more meanwhile',
  ),
  missed(
    'counts no loss where nobody gets in',
    'if (away === undefined) this.#own++;',
    'this.#own++;',
    night,
  ),
  missed(
    'asks every few minutes then',
    'away === undefined ? longestPause : longestAway',
    'longestPause',
    night,
  ),
  missed('says it once', ' && this.#losses <= limits.reconnects)', ')', night),
  missed('and for how long', 'return {ms, why: away};', 'return {ms, why};', night),
  missed(
    'waits for a night only',
    'const givenUp = this.#waited >= longestOutage;',
    'const givenUp = false;',
    after,
  ),
  missed('each time anew', '      this.#waited = 0;\n', '', night),
  missed('waits one night for all of the list', ' || server.presence.givenUp;', ';', after),
  missed(
    'waits for no mailbox that alone is not let in',
    '!absence.reached || this.#worked || where.missedBySeveral',
    'true',
    hangsUp,
  ),
  missed('waits where several are not let in', ' || where.missedBySeveral', '', hangsUp),
  missed(
    'takes no outage for a session too many',
    "pause !== undefined || why.code !== 'connection-lost'",
    'true',
    greets,
  ),
  missed(
    'waits where nothing answers',
    'const itself = !absence.reached || ',
    'const itself = ',
    'is waited for by one whose turn came just then, where nothing answers',
  ),
  missed(
    'knows that a server works that does something for others',
    'this.#context.server.presence.there();',
    '',
    'is not waited for by a mailbox that fails while it works for others',
  ),
  missed(
    'waits for no server that never let anybody in',
    'where.entries === 0 || ',
    '',
    'was never there where it never let anybody in',
  ),
  missed(
    'tells the one who gives tokens from the server',
    '(absence.tokens ? tokens : undefined) ?? server.presence',
    'server.presence',
    'is one who gives no tokens any more, while those of another tenant get in',
  ),
  shown('forgets that it was given up', '    this.givenUp = false;\n', '', after),
  shown(
    'lets begin who waits when it is back',
    'if (closed) this.#back();',
    '',
    'while somebody waits for it and could not reach it, until it shows itself',
  ),
  shown(
    'lets others see whether it hangs up on all',
    'if (reached) this.reached(request);',
    'if (false) return;',
    'where it is reached and hangs up others begin, to see whether it does so to all',
  ),
  closed('begins no mailbox at a server that lets nobody in', ' && !this.#isClosed(request)', '', hours),
  closed(
    'begins them when it is back',
    'new Servers(undefined, () => this.#pump())',
    'new Servers()',
    'a place that is free begins the next one as soon as the server is there again',
  ),
  closed(
    'lets one begin where all who waited have ended',
    '      this.#servers.left(request);\n',
    '',
    'once all who wait for it are stopped, the next one sees whether it is there again',
  ),
  {
    about: 'shows a pause that is asked for while it signs in',
    change: {file: 'engine/imap/sign-in.ts', code: '    if (!this.usable) return false;\n', instead: ''},
    test: 'engine/imap/sign-in.test.ts',
    title: 'tells of a pause that is asked for at once, so that it is shown and can be stopped',
  },
  {
    about: 'asks once for what the identity provider refuses an application',
    change: {
      file: 'engine/link/sign-in-guard.ts',
      code: " || (error instanceof SignInRefused && verdict === 'stop')",
      instead: '',
    },
    test: 'engine/exchange/refused.test.ts',
    title: '%s makes one request for a token, not one for each of two dozen mailboxes',
  },
  {
    about: 'and again for what it refuses for a moment',
    change: {file: 'engine/link/sign-in-guard.ts', code: " && verdict === 'stop')", instead: ')'},
    test: 'engine/link/sign-in-guard.test.ts',
    title:
      "what is wrong with an app's token is met once, what is refused for a moment or to a person is not kept",
  },
  anew(
    'tries a sign-in again that Exchange took before',
    'problems/doctor',
    '    return opened ? anew() :',
    '    return ',
    '%s times in a row is tried again, and all is copied',
  ),
  anew(
    'ends it with what is so',
    'link/outage',
    '  if (isRefusedAnew(why))\n',
    '  if (false)\n',
    'for good ends with what is so, and no cause that cannot be',
  ),
  anew(
    'presents a password again that was right',
    'problems/from-error',
    '    context.entered !== true &&\n',
    '',
    '%s times in a row is presented again, each time after a longer pause',
  ),
  anew(
    'twice, and not as often as a connection may be lost',
    'link/pace',
    "if (why.code === 'password-refused-anew') return after",
    'if (false) return after',
    'for good is presented three times, and said to have been right',
  ),
  pace(
    'counts connections that are refused together as one',
    'outages = session?.outage} = how',
    '} = how, outages = session?.outage',
    'and sign-ins that are refused together are one',
  ),
  anew(
    'knows how many outages there were when a sign-in began',
    'link/link',
    '{entering: true, outages, holding}',
    '{entering: true, holding}',
    'many connections present a password that was right and is refused no more often than one, but for those under way',
  ),
  anew(
    'tells another request what is so, and not what is done no more',
    'link/link',
    'new MailboxStopped(lastWord(why, this), known)',
    'new MailboxStopped(why, known)',
    'many connections present a password that was right and is refused no more often than one, but for those under way',
  ),
  anew(
    'lets one connection after the other present it then',
    'link/sign-in-guard',
    '    this.#proven.delete(mailboxKey(endpoint));\n',
    '',
    'many connections present a password that was right and is refused no more often than one, but for those under way',
  ),
  anew(
    'keeps the place of one that is refused and tries again',
    'link/link',
    ' && !isRefusedAnew(why)) turnEnded?.();',
    ') turnEnded?.();',
    'many that were opened in an earlier run, and are all refused now, ask for no more than eight at once',
  ),
  shown(
    'lets others begin once it is reached',
    'if (closed && !this.closed) this.#back();',
    '',
    'where it is reached and hangs up others begin, to see whether it does so to all',
  ),
  missed(
    'and where what it asks for is a pause',
    '    this.#seen(error, why);\n',
    '',
    'where it answers who waits for it, and asks for a pause, others begin',
  ),
];
