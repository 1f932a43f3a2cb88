// A check whose server asks for a pause, or hangs up, when both ends have let it in: what was found by then counts.
import {afterEach, expect, it} from 'vitest';
import {rowOf} from '../../source/check/row.ts';
import {inspect} from '../../source/engine/look/inspect.ts';
import {ports, settings} from '../helpers/check.ts';
import {job} from '../helpers/engine.ts';
import {simulation} from '../servers/exchange/simulated.ts';
import {type MeddledWire, startMeddler} from '../servers/meddler.ts';

const user = 'john@contoso.example';
const exchange = simulation();
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const mail = (bytes: number) => `From: ann@contoso.example\r\nSubject: s\r\n\r\n${'x'.repeat(bytes)}\r\n`;

/** Exchange with mail in three folders, and another one. @param line what stands between, at which end */
async function pair(
  line: (text: string, wire: MeddledWire) => boolean = () => false,
  at: 'source' | 'destination' = 'source',
) {
  const from = await exchange({quirks: {sizes: 'exact'}});
  const to = await exchange();
  const mailbox = from.server.mailbox(user);
  for (const folder of ['INBOX', 'Archive', 'Letters']) mailbox.add(folder, mail(1000));
  const meddled = await startMeddler((at === 'source' ? from : to).server.imapPort, {line});
  ends.push(() => meddled.close());
  const [source, destination] = at === 'source' ? [meddled, to.server] : [from.server, meddled];
  const look = async (
    dates: {since?: string} = {},
    signal = new AbortController().signal,
    folder = 'Data17012018',
  ) => {
    const {what, ...rest} = job(
      {server: source, user},
      {server: destination, user, provider: 'o365'},
      {destinationFolder: folder, ...dates},
    );
    const inspection = await inspect({what, ...rest}, settings, ports, signal);
    return {...inspection, row: rowOf({request: 0, what, inspection})};
  };
  return {mailbox, look, source: from, destination: to};
}

const throttle = (line: string, word: string) =>
  `${line.split(' ')[0]} ${word} Request is throttled. Suggested Backoff Time: 299609 milliseconds\r\n`;

it.each([
  ['NO', 'FETCH', {}],
  ['BAD', 'FETCH', {}],
  ['BAD', 'SEARCH', {}],
  ['NO', 'SEARCH', {since: '2000-01-01'}],
])('a server that wants a pause (%s to %s) is asked nothing more', async (word, command, dates) => {
  let opened = 0;
  const after: string[] = [];
  let throttled = false;
  const {look} = await pair((line, wire) => {
    if (throttled) after.push(line);
    if (/ EXAMINE /.test(line)) opened += 1;
    throttled ||= opened === 2 && line.includes(` UID ${command} `);
    if (!throttled || line.includes('LOGOUT')) return false;
    wire.answer(throttle(line, word));
    return true;
  });
  const {row, problems, folders} = await look(dates);
  expect(after.filter(line => !line.includes('LOGOUT'))).toEqual([]);
  expect([row.state, row.bytes > 900]).toEqual(['ready', true]);
  const second = folders.filter(({messages}) => messages > 0)[1]?.source ?? '';
  const said = problems.filter(({detail}) => detail?.includes('throttled'));
  expect(said).toMatchObject([
    {
      code: 'look-cut-off',
      verdict: 'skip',
      sentence: expect.stringMatching(`asks for a pause of 5 min\\. .*"${second}"`),
    },
  ]);
});

it('what a server that hangs up has told by then counts', async () => {
  let opened = 0;
  const {look} = await pair((line, wire) => {
    if (/ EXAMINE /.test(line)) opened += 1;
    if (opened < 2) return false;
    wire.cut();
    return true;
  });
  const {row, problems} = await look();
  expect([row.state, row.messages, row.bytes > 900]).toEqual(['ready', 3, true]);
  expect(problems.map(({code}) => code)).toContain('look-cut-off');
  expect(problems.map(({code}) => code)).not.toContain('connection-lost');
});

it('a folder that closes the connection is told by its name', async () => {
  const {look, mailbox} = await pair();
  mailbox.add(['A '], mail(1000));
  const {row, problems} = await look();
  expect(row.state).toBe('ready');
  expect(problems.find(({code}) => code === 'look-cut-off')?.sentence).toContain('"A "');
});

it.each(['throttled', 'lost'])(
  'a destination that is %s when it is asked for its flags costs none of the source',
  async how => {
    const {look} = await pair((line, wire) => {
      if (!/ EXAMINE /.test(line)) return false;
      if (how === 'lost') wire.cut();
      else wire.answer(throttle(line, 'NO'));
      return true;
    }, 'destination');
    const {row, problems} = await look();
    expect([row.state, row.bytes > 2700]).toEqual(['ready', true]);
    expect(problems.filter(({code}) => code === 'look-cut-off')).toHaveLength(1);
  },
);

it('a check that is ended in the middle of it finds nothing', async () => {
  const ended = new AbortController();
  const {look} = await pair(line => {
    if (/ EXAMINE /.test(line)) ended.abort();
    return / EXAMINE /.test(line);
  });
  await expect(look({}, ended.signal)).rejects.toThrow('aborted');
});
