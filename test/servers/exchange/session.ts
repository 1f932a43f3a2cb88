// Reads commands off a connection and answers them, one after the other.
import {type Command, readCommand} from '../../../source/demo/server/commands.ts';
import {Ended, Refused} from './answers.ts';
import {append, appendRefusal} from './appending.ts';
import {authenticate, login} from './authenticating.ts';
import type {Connection} from './connection.ts';
import {fetching} from './fetching.ts';
import {folders} from './folders.ts';
import {capabilities, greetingOf, identity, signingOff} from './greeting.ts';
import {idle} from './idling.ts';
import {listing} from './listing.ts';
import {searching} from './searching.ts';
import {storing} from './storing.ts';

/** Gives what follows the tag. Throws Refused or Ended. */
export type Handler = (connection: Connection, command: Command) => string | Promise<string>;

const handlers: Readonly<Record<string, Handler>> = {
  ...listing,
  ...folders,
  ...fetching,
  ...searching,
  ...storing,
  APPEND: append,
  IDLE: idle,
  NOOP: () => 'OK NOOP completed.',
  CHECK: () => 'OK CHECK completed.',
  ENABLE: connection => {
    connection.rev2 = connection.quirks.capabilityAfter === 'rev2';
    return 'OK ENABLE completed.';
  },
};

const secrets = new Set(['LOGIN', 'AUTHENTICATE']);

/** Serves the connection to its end. */
export async function serve(connection: Connection): Promise<void> {
  try {
    await connection.line(greetingOf(connection.quirks, connection.number));
    for (;;) {
      const line = await connection.inbound.line();
      if (line === undefined) return;
      connection.touch();
      await answerLine(connection, line);
    }
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  } finally {
    connection.closed();
  }
}

async function answerLine(connection: Connection, line: string): Promise<void> {
  const tag = line.split(' ', 1)[0] ?? '';
  try {
    if (line.length > connection.quirks.longestLine) throw new Refused('BAD Command Error. 10');
    const command = await complete(connection, line);
    if (command === undefined) return;
    const answer = await carryOut(connection, command);
    await tellChanges(connection, command.name);
    await connection.line(`${command.tag} ${answer}`);
    if (command.name === 'LOGOUT') {
      connection.leave();
      throw new Ended();
    }
    if (answer.includes('Request is throttled') && connection.quirks.throttleDrop)
      connection.bye('Connection closed. 14');
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await refuse(connection, tag, error.message);
  }
}

/** Answers with NO or BAD; the error budget counts the BADs. */
async function refuse(connection: Connection, tag: string, answer: string): Promise<void> {
  await connection.line(`${tag} ${answer}`);
  const {quirks} = connection;
  if (answer.includes('Request is throttled') && quirks.throttleDrop) connection.bye('Connection closed. 14');
  if (!answer.startsWith('BAD')) return;
  connection.errors += 1;
  const unconnected = connection.signedIn?.connected === false;
  const budget = unconnected ? 2 : quirks.errorBudget;
  if (budget > 0 && connection.errors >= budget) connection.bye('Connection closed. 14');
}

/** Reads the literals of a command. Undefined where it was answered already. */
async function complete(connection: Connection, first: string): Promise<Command | undefined> {
  const parts: (string | Buffer)[] = [];
  for (let line: string | undefined = first; line !== undefined; ) {
    const literal = /\{(\d{1,12})(\+?)\}$/.exec(line);
    if (literal === null) {
      const command = readCommand([...parts, line]);
      log(connection, command, first);
      return command;
    }
    parts.push(line.slice(0, literal.index));
    const size = Number(literal[1]);
    const waits = literal[2] === '';
    const command = readCommand(parts);
    if (waits && connection.quirks.pipelining === 'refused') await refusePipelined(connection);
    const refusal = await refusalOf(connection, command, size, waits);
    if (refusal !== undefined) {
      log(connection, command, first);
      // The answer comes at once; the bytes are on their way whatever it says.
      const desync = connection.quirks.desync;
      if (!waits && !desync) {
        const done = connection.inbound.swallow(size).then(() => connection.inbound.line());
        await refuse(connection, command.tag, refusal);
        await done;
        return undefined;
      }
      throw new Refused(refusal);
    }
    if (waits) await connection.line('+ Ready for additional command text.');
    const bytes = await literalBytes(connection, command, size);
    if (bytes === undefined) throw new Ended();
    parts.push(bytes);
    line = await connection.inbound.line();
  }
  throw new Ended();
}

async function refusalOf(
  connection: Connection,
  command: Command,
  size: number,
  waits: boolean,
): Promise<string | undefined> {
  if (command.name === 'APPEND') return appendRefusal(connection, command, size, waits);
  return size > connection.quirks.longestLine ? 'BAD Command Error. 10' : undefined;
}

async function literalBytes(
  connection: Connection,
  {name}: Command,
  size: number,
): Promise<Buffer | undefined> {
  if (name !== 'APPEND') return connection.inbound.bytes(size);
  const half = Math.floor(size / 2);
  const first = await connection.inbound.bytes(half);
  await connection.at('literal');
  const second = await connection.inbound.bytes(size - half);
  return first === undefined || second === undefined ? undefined : Buffer.concat([first, second]);
}

/** What a client has sent behind a command whose literal it must first be asked for. */
async function refusePipelined(connection: Connection): Promise<void> {
  for (let line = connection.inbound.lineHere(); line !== undefined; line = connection.inbound.lineHere())
    if (line !== '')
      await refuse(connection, line.split(' ', 1)[0] ?? '', 'BAD Command is not valid in this state.');
}

async function carryOut(connection: Connection, command: Command): Promise<string> {
  const {signedIn} = connection;
  switch (command.name) {
    case 'CAPABILITY':
      if (signedIn?.connected !== false) await connection.at('command');
      await connection.untagged(`CAPABILITY ${capabilities(connection.quirks, signedIn !== undefined)}`);
      return 'OK CAPABILITY completed.';
    case 'LOGOUT':
      await connection.untagged(`BYE ${signingOff}`);
      return 'OK LOGOUT completed.';
    case 'AUTHENTICATE':
      return authenticate(connection, command);
    case 'LOGIN':
      return login(connection, command);
    case 'ID':
      await connection.untagged(`ID ${identity}`);
      return 'OK ID completed.';
  }
  const handler = handlers[command.name];
  if (signedIn === undefined && (handler !== undefined || command.name === ''))
    throw new Refused('BAD Command received in Invalid state.');
  if (signedIn?.connected === false) throw new Refused('BAD User is authenticated but not connected.');
  if (handler === undefined) throw new Refused('BAD Command Error. 10');
  await connection.at('command');
  return handler(connection, command);
}

/** Commands after which sequence numbers must still mean the same (RFC 3501 section 7.4.1). */
const quiet = new Set(['FETCH', 'STORE', 'SEARCH']);

/** What other sessions have changed in the folder that is open here. */
async function tellChanges(connection: Connection, name: string): Promise<void> {
  const {selected} = connection;
  if (selected === undefined || quiet.has(name)) return;
  const there = new Set(selected.folder.messages.map(message => message.uid));
  const before = selected.view;
  for (let index = before.length - 1; index >= 0; index -= 1)
    if (!there.has(before[index]?.uid ?? 0)) await connection.untagged(`${index + 1} EXPUNGE`);
  const kept = before.filter(message => there.has(message.uid));
  selected.view = [...selected.folder.messages];
  if (selected.view.length > kept.length) await connection.untagged(`${selected.view.length} EXISTS`);
}

function log(connection: Connection, {tag, name}: Command, line: string): void {
  const {mailbox} = connection.signedIn ?? {};
  connection.world.log.add({
    connection: connection.number,
    ...(mailbox === undefined ? {} : {mailbox: mailbox.address}),
    name,
    line: secrets.has(name) ? name : line.slice(tag.length + 1),
    at: connection.world.now(),
  });
}
