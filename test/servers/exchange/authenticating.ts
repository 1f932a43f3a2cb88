// LOGIN and AUTHENTICATE.
import {type Command, textOf} from '../../../source/demo/server/commands.ts';
import {badState, Ended, no, Refused} from './answers.ts';
import type {Connection} from './connection.ts';
import {signingOff} from './greeting.ts';
import {type Admission, admitPassword, admitToken, readXoauth2} from './sign-in.ts';

export async function login(connection: Connection, command: Command): Promise<string> {
  if (connection.signedIn !== undefined) throw badState();
  const [user, password] = command.arguments.map(textOf);
  return withPassword(connection, command.tag, 'LOGIN', user ?? '', password ?? '');
}

export async function authenticate(connection: Connection, command: Command): Promise<string> {
  if (connection.signedIn !== undefined) throw badState();
  const [mechanism, initial] = command.arguments.map(textOf);
  if (!/^(PLAIN|XOAUTH2)$/i.test(mechanism ?? '')) throw no('AUTHENTICATE failed.');
  if (initial !== undefined && !connection.quirks.saslIr) throw new Refused('BAD Command Argument Error. 11');
  const answer = Buffer.from(initial ?? (await asked(connection)), 'base64').toString('utf8');
  if (/^PLAIN$/i.test(mechanism ?? '')) {
    const [, user = '', password = ''] = answer.split('\0');
    return withPassword(connection, command.tag, 'AUTHENTICATE', user, password);
  }
  const {directory, now, spent} = connection.world;
  const given = readXoauth2(answer);
  if (given === undefined || spent.has(given.token)) throw no('AUTHENTICATE failed.');
  const admission = admitToken(directory, given.user, given.token, now());
  return admit(connection, admission, 'AUTHENTICATE', given.token);
}

async function asked(connection: Connection): Promise<string> {
  await connection.line('+ ');
  const answer = await connection.inbound.line();
  if (answer === undefined) throw new Ended();
  return answer;
}

async function withPassword(
  connection: Connection,
  tag: string,
  command: string,
  user: string,
  password: string,
): Promise<string> {
  const {directory, quirks} = connection.world;
  if (quirks.password === 'refused-new') {
    await connection.line(`${tag} NO Basic authentication is disabled.`);
    connection.bye(signingOff);
  }
  if (quirks.password === 'refused-old') throw no(`${command} failed.`);
  return admit(connection, admitPassword(directory, user, password), command);
}

async function admit(
  connection: Connection,
  admission: Admission,
  command: string,
  token?: string,
): Promise<string> {
  const {mailbox} = admission;
  const refused = mailbox !== undefined && mailbox.refuses > 0;
  if (refused) mailbox.refuses -= 1;
  if (!admission.admitted || refused) {
    if (mailbox !== undefined) mailbox.refusedSignIns += 1;
    throw no(`${command} failed.`);
  }
  const {expires, connected} = admission;
  const room = connection.world.sessions.room(admission.mailbox);
  admission.mailbox.signIns += 1;
  if (connected && !room && admission.mailbox.quirks.capAnswer === 'eof') {
    admission.mailbox.refusedSignIns += 1;
    connection.drop();
  }
  if (!connected || !room) admission.mailbox.refusedSignIns += 1;
  connection.signIn({
    mailbox: admission.mailbox,
    connected: connected && room,
    ...(token === undefined ? {} : {token}),
    ...(expires === undefined ? {} : {expires}),
  });
  connection.errors = 0;
  if (connection.quirks.slowSignInMs > 0) await connection.world.wait(connection.quirks.slowSignInMs);
  return `OK ${command} completed.`;
}
