// Ways of storing messages, fastest first. Each confirms every message by APPENDUID (RFC 4315) where the server has
// UIDPLUS. Chosen by capability, greeting and what the server has objected to: then the next one serves it.
import type {PassPoint} from '../points.ts';
import {ServerRefused} from './errors.ts';
import {isFlag} from './flag.ts';
import {dateTimeOf} from './internal-date.ts';
import type {Literal} from './literal.ts';
import {mailbox, numbering} from './responses.ts';
import type {Session} from './session.ts';
import {readUidSet} from './uid-set.ts';
import type {LiteralSink, OpenCommand} from './wire.ts';

export type OutgoingMessage = {
  readonly flags: readonly string[];
  /** As the source sent it; '' leaves the date to the server. */
  readonly internalDate: string;
  readonly body: Literal;
};

/** The folder that mail goes to. */
export type Into = {
  readonly name: string;
  /** UIDs of any other numbering say nothing; absent or 0 where it is not known. */
  readonly uidValidity?: number;
};

/** What became of one message. `uid`: at the destination, where the server told. */
export type Appended =
  | {readonly stored: true; readonly uid?: number}
  | {readonly stored: false; readonly error: ServerRefused};

/**
 * Fastest first. `multiappend`: a batch is one command (RFC 3502) with literals sent unasked (LITERAL+, RFC 7888).
 * `pipelined`: a command a message, all under way at once, literals unasked. `overlapped`: a message's command travels
 * with the bytes of the one before it, so that its literal is asked for when that is stored: one round trip a message, at
 * a server that takes literals unasked and so knows where one ends (LITERAL-, RFC 7888).
 * `single`: one after the other, each literal asked for: always works.
 */
export type AppendStrategy = 'multiappend' | 'pipelined' | 'overlapped' | 'single';

/** Several batches are under way at once; otherwise a batch is answered when it has been sent. */
export const isUnasked = (strategy: AppendStrategy): boolean =>
  strategy === 'multiappend' || strategy === 'pipelined';

export type Sending = {
  /**
   * One result a message, in order; the refusal where a batch was refused as a whole and none is stored: then
   * `appendEach` shows which message is to blame. Rejects with ConnectionLost: what was stored is unknown.
   */
  readonly results: Promise<readonly Appended[] | ServerRefused>;
};

/**
 * Exchange has LITERAL+ but wants one command at a time and a synchronising literal for anything large.
 * @param objections what this server has objected to
 */
export function chooseStrategy(
  session: Session,
  objections: ReadonlySet<AppendStrategy> = new Set(),
): AppendStrategy {
  if (session.exchange) return 'single';
  if (session.oneAtATime) return 'single';
  const unasked = session.has('LITERAL+');
  // One that is always asked before a literal may take whatever comes after it for a part of it: hMailServer stores the
  // next command at the end of the message (its IMAPCommandAppend.cpp).
  const endsLiterals = unasked || session.has('LITERAL-');
  const can: readonly AppendStrategy[] = [
    ...(unasked && session.has('MULTIAPPEND') ? ['multiappend' as const] : []),
    ...(unasked ? ['pipelined' as const] : []),
    ...(endsLiterals ? ['overlapped' as const] : []),
  ];
  return can.find(strategy => !objections.has(strategy)) ?? 'single';
}

/**
 * Sends a batch; resolves when its bytes are handed to the socket, so that the next batch can be read meanwhile.
 * With `overlapped` and `single`, that is when the last one is answered.
 */
export async function append(
  session: Session,
  into: Into,
  messages: readonly OutgoingMessage[],
  strategy: AppendStrategy,
  passed?: PassPoint,
): Promise<Sending> {
  if (strategy === 'multiappend' && messages.length > 1) return sendTogether(session, into, messages);
  if (strategy === 'overlapped' || strategy === 'single')
    return {results: Promise.resolve(await appendEach(session, into, messages, strategy, passed))};
  const {wire} = session;
  const answers: Promise<Appended>[] = [];
  const text = `APPEND ${mailbox(into.name)}`;
  // One piece a message: each that is written costs the socket's stream an entry of its own.
  const pieces: Buffer[] = [];
  for (const message of messages) {
    const command = wire.begin(text);
    pieces.push(...literal(message, `${pieces.length === 0 ? '' : '\r\n'}${command.start}`));
    answers.push(outcome(command.done, into));
  }
  const results = Promise.all(answers);
  results.catch(() => undefined);
  // The window in bytes is the socket's: what it does not take is not read from the source either.
  if (!wire.writeTogether([...pieces, lineEnd])) await wire.drained();
  return {results};
}

async function sendTogether(
  session: Session,
  into: Into,
  messages: readonly OutgoingMessage[],
): Promise<Sending> {
  const command = session.wire.begin(`APPEND ${mailbox(into.name)}`);
  await writeMessages(command, messages);
  const results = (async () => {
    try {
      const uids = appendUids(await command.done, into);
      return messages.map((_, index): Appended => {
        const uid = uids.length === messages.length ? uids[index] : undefined;
        return uid === undefined ? {stored: true} : {stored: true, uid};
      });
    } catch (error) {
      if (!(error instanceof ServerRefused)) throw error;
      // All or nothing (RFC 3502). It is not tried again here: the next batch may be on its way already.
      return error;
    }
  })();
  results.catch(() => undefined);
  return {results};
}

/** Bytes handed to the socket in one call: a call a message would cost more than the message. */
const together = 512 * 1024;

/** The command. */
async function writeMessages(command: OpenCommand, messages: readonly OutgoingMessage[]): Promise<void> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for (const [index, message] of messages.entries()) {
    pieces.push(...literal(message, index === 0 ? command.start : ''));
    bytes += message.body.length;
    if (bytes < together) continue;
    if (!command.writeTogether(pieces)) await command.drained();
    pieces = [];
    bytes = 0;
  }
  if (!command.writeTogether([...pieces, lineEnd])) await command.drained();
}

const lineEnd = Buffer.from('\r\n');

/** A message as an argument of APPEND, its literal unasked, behind `before`. */
function literal(message: OutgoingMessage, before: string): readonly Buffer[] {
  return message.body.headed(`${before} ${attributes(message)}{${message.body.length}+}\r\n`);
}

/**
 * One after the other. Nothing else may be written meanwhile. Once the server asks to wait, may have stored what it
 * refused, or has refused so much that it will hang up, nothing more is sent: there are fewer results than messages
 * then, and the others are not stored.
 * @param evenWornOut sends although it has refused so much
 */
export async function appendEach(
  session: Session,
  into: Into,
  messages: readonly OutgoingMessage[],
  strategy: AppendStrategy = 'single',
  passed?: PassPoint,
  evenWornOut = false,
): Promise<Appended[]> {
  session.wire.listen();
  const answers: Promise<Appended>[] = [];
  let next: Announced | undefined;
  let halted = false;
  for (const [index, message] of messages.entries()) {
    if ((halted || (session.life.wornOut && !evenWornOut)) && next === undefined) break;
    const {command, ready} = next ?? announce(session, into, message);
    next = undefined;
    const following = messages[index + 1];
    if ((await ready) && !command.answered()) {
      let room = true;
      session.wire.together(() => {
        room = command.writeTogether([...message.body.pieces, lineEnd]);
        if (strategy === 'overlapped' && following !== undefined && !halted)
          next = announce(session, into, following, true);
      });
      if (!room) await command.drained();
      passed?.('message-sent');
    }
    const answer = outcome(command.done, into);
    answers.push(answer);
    answer.then(
      result => {
        passed?.('message-answered');
        if (!result.stored && (result.error.throttleReset !== undefined || result.error.inDoubt))
          halted = true;
      },
      () => undefined,
    );
    if (next === undefined) await answer;
  }
  return Promise.all(answers);
}

type Announced = {
  readonly command: OpenCommand;
  /** False where the server refused before it took a byte, or the connection went. */
  readonly ready: Promise<boolean>;
};

/**
 * A literal is asked for (synchronising) unless it is small and the server takes it unasked. Exchange is always asked:
 * it has been seen to read the bytes of a literal that it had refused as commands (quirk `desync`), and mail is not
 * ours.
 * @param behind another message is under way: what is asked for waits until that one is stored
 */
function announce(session: Session, {name}: Into, message: OutgoingMessage, behind = false): Announced {
  const small = message.body.length <= 4096 && (session.has('LITERAL+') || session.has('LITERAL-'));
  const unasked = small && !behind && !session.exchange;
  const command = session.wire.open(
    `APPEND ${mailbox(name)} ${attributes(message)}{${message.body.length}${unasked ? '+' : ''}}\r\n`,
  );
  // Why it may not go on, a refusal or a lost connection, is what `done` says.
  const ready = unasked
    ? Promise.resolve(true)
    : command.goAhead().then(
        () => true,
        () => false,
      );
  return {command, ready};
}

/**
 * One large message as a stream: the sink's bytes go straight through, at a server that takes one message at a time
 * only after it was asked, so that a refusal comes before the bytes. A refusal makes the sink swallow the rest. If
 * the source breaks off, end the connection: it is inside a literal.
 */
export function appendStream(
  session: Session,
  into: Into,
  message: {readonly flags: readonly string[]; readonly internalDate: string; readonly size: number},
  strategy: AppendStrategy,
): {readonly sink: LiteralSink; readonly result: Promise<Appended>} {
  const unasked = isUnasked(strategy);
  session.wire.listen();
  const command = session.wire.open(
    `APPEND ${mailbox(into.name)} ${attributes(message)}{${message.size}${unasked ? '+' : ''}}\r\n`,
  );
  // A literal sent unasked is sent to its end, whatever the server answers: it counts the bytes (RFC 7888).
  let ready = unasked;
  let swallow = false;
  let ended = false;
  const early: Buffer[] = [];
  let wake: (() => void) | undefined;
  const finish = () => {
    if (ended && !swallow) command.write('\r\n');
  };
  if (!unasked)
    command
      .goAhead()
      // One that has answered without a byte takes what comes for commands.
      .then(
        () => !command.answered(),
        () => false,
      )
      .then(taken => {
        ready = true;
        swallow = !taken;
        for (const chunk of early.splice(0)) if (taken) command.write(chunk);
        finish();
        wake?.();
      });
  const result = outcome(command.done, into);
  return {
    result,
    sink: {
      write: (chunk, resume) => {
        if (swallow) return true;
        wake = resume;
        if (!ready) {
          early.push(chunk);
          return false;
        }
        if (command.write(chunk)) return true;
        command.drained().then(resume, () => {
          swallow = true;
          resume();
        });
        return false;
      },
      end: () => {
        ended = true;
        if (ready) finish();
      },
    },
  };
}

function outcome(done: Promise<string>, into: Into): Promise<Appended> {
  const result = settled(done, into);
  // Looked at when its turn comes; until then a lost connection is nobody's unhandled rejection.
  result.catch(() => undefined);
  return result;
}

async function settled(done: Promise<string>, into: Into): Promise<Appended> {
  try {
    const uid = appendUids(await done, into)[0];
    return uid === undefined ? {stored: true} : {stored: true, uid};
  } catch (error) {
    if (error instanceof ServerRefused) return {stored: false, error};
    throw error;
  }
}

/** None where they are of another numbering: another folder stood there for a moment. */
function appendUids(text: string, {uidValidity = 0}: Into): number[] {
  const [, validity, uids] = /\[APPENDUID (\d{1,16}) ([\d:,]+)\]/i.exec(text) ?? [];
  if (uids === undefined || (uidValidity > 0 && numbering(Number(validity)) !== uidValidity)) return [];
  return readUidSet(uids);
}

/** `(\Seen $Label1) "17-Jul-1996 02:44:25 -0700" `: only what RFC 9051 allows, whatever the source sent. */
function attributes(message: {readonly flags: readonly string[]; readonly internalDate: string}): string {
  const flags = message.flags.filter(flag => isFlag(flag) && flag.toLowerCase() !== '\\recent');
  const date = dateTimeOf(message.internalDate);
  return `(${flags.join(' ')}) ${date === undefined ? '' : `"${date}" `}`;
}
