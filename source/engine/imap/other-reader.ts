// One message as imapflow reads it, on a connection of its own: for an answer that our reader makes nothing of, which
// imapflow passes over (an empty line) or reads (NULs before a response, lists in lists). Believed only where nothing that
// came with it may be a part of the message.
import type {Endpoint} from '../../request/schema.ts';
import type {Credentials} from '../auth/credentials.ts';
import {Literal} from './literal.ts';
import {type FetchedMessage, numbering} from './responses.ts';
import {type Client, enter, type SignInOptions} from './sign-in.ts';
import {SignInDeadline, signInSizes} from './sign-in-bounds.ts';

/** What imapflow makes of a value: an atom or string, a literal, NIL, or a list. */
type Node = null | {readonly value?: unknown; readonly section?: unknown} | readonly Node[];
type Untagged = {readonly attributes?: readonly Node[]};

export type Wanted = {
  /** The folder, as the server names it. */
  readonly folder: string;
  readonly uidValidity: number;
  readonly uid: number;
  /** As the source told; of one that is longer nothing is kept. */
  readonly bytes: number;
};

/** Times the silence that ends a connection, for all of it. */
const patience = 4;
/** Bytes of an answer besides the message. */
const around = signInSizes.maxResponseSize;

/**
 * Undefined where it cannot read it either, or what it read may not be all of the message.
 * @throws what ended the connection; the signal's reason
 */
export async function readOtherwise(
  wanted: Wanted,
  endpoint: Endpoint,
  credentials: Credentials,
  options: SignInOptions,
  signal: AbortSignal,
): Promise<FetchedMessage | undefined> {
  const {client} = await enter(endpoint, credentials, options, signal, {
    maxLiteralSize: Math.max(wanted.bytes, signInSizes.maxLiteralSize),
    maxResponseSize: wanted.bytes + around,
  });
  const close = () => client.close();
  const deadline = new SignInDeadline(options.inactivityMs * patience, close);
  signal.addEventListener('abort', close, {once: true});
  deadline.start();
  try {
    return await fetchOne(client, wanted);
  } finally {
    deadline.end();
    signal.removeEventListener('abort', close);
    close();
  }
}

async function fetchOne(client: Client, wanted: Wanted): Promise<FetchedMessage | undefined> {
  let uidValidity: number | undefined;
  await execute(client, 'EXAMINE', [{type: 'STRING', value: wanted.folder}], {
    OK: ({attributes}) => {
      const [first] = attributes ?? [];
      const code: unknown =
        first === undefined || first === null || isList(first) ? undefined : first.section;
      if (!Array.isArray(code)) return;
      if (textOf(code[0])?.toUpperCase() === 'UIDVALIDITY') uidValidity = numbering(Number(textOf(code[1])));
    },
  });
  if (uidValidity !== wanted.uidValidity) return undefined;
  let sound = true;
  client.heard = line => {
    if (!isResponse(line)) sound = false;
  };
  let read: FetchedMessage | undefined;
  const items = [...['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE'].map(value => ({type: 'ATOM', value}))];
  const body = {type: 'ATOM', value: 'BODY.PEEK', section: []};
  await execute(client, 'UID FETCH', [{type: 'SEQUENCE', value: `${wanted.uid}`}, [...items, body]], {
    FETCH: ({attributes}) => {
      read = messageOf(attributes?.[1], wanted.uid) ?? read;
    },
  });
  return sound ? read : undefined;
}

type Executed = {next(): void};

async function execute(
  client: Client,
  command: string,
  attributes: readonly unknown[],
  untagged: Readonly<Record<string, (response: Untagged) => void>>,
): Promise<void> {
  // It goes on when `next` says so.
  const answer = (await client.exec(command, attributes, {untagged})) as Executed;
  answer.next();
}

/**
 * Of a message that is longer than was announced, the rest comes in lines of its own, and imapflow passes over what it
 * cannot read: what is no response says that the message may not be whole. Empty lines never get here.
 */
function isResponse(line: Buffer): boolean {
  return /^\0*(?:\* |\+|[0-9A-F]+ (?:OK|NO|BAD)\b)/i.test(line.toString('latin1', 0, 1024));
}

/** Undefined where anything of it is missing, or is not as it came. */
export function messageOf(items: Node | undefined, uid: number): FetchedMessage | undefined {
  if (items === undefined || !isList(items)) return undefined;
  const values = new Map<string, Node>();
  for (let index = 0; index + 1 < items.length; index += 2) {
    const key = items[index];
    const name = textOf(key)?.toUpperCase();
    if (key === undefined || key === null || isList(key) || name === undefined) return undefined;
    // The empty section is the whole message.
    const {section} = key;
    const whole = Array.isArray(section) && section.length === 0;
    values.set(section === undefined ? name : `${name}[${whole ? '' : '…'}]`, items[index + 1] ?? null);
  }
  const flags = values.get('FLAGS');
  const internalDate = textOf(values.get('INTERNALDATE'));
  const body = bytesOf(values.get('BODY[]'));
  if (Number(textOf(values.get('UID'))) !== uid || internalDate === undefined || body === undefined)
    return undefined;
  if (flags === undefined || flags === null || !isList(flags)) return undefined;
  // Some servers only estimate it: then it is not known whether this is all of the message.
  if (Number(textOf(values.get('RFC822.SIZE'))) !== body.length) return undefined;
  const names: string[] = [];
  for (const flag of flags) {
    // Among flags NIL is a keyword like any other.
    const name = flag === null ? 'NIL' : textOf(flag);
    if (name === undefined) return undefined;
    if (name !== '') names.push(name);
  }
  return {uid, flags: names, internalDate, size: body.length, body: new Literal([body])};
}

const isList = (node: Node): node is readonly Node[] => Array.isArray(node);

/** A literal's bytes, or those of a string, which imapflow takes for UTF-8: what is none has been replaced. */
function bytesOf(node: Node | undefined): Buffer | undefined {
  if (node === undefined || node === null || isList(node)) return undefined;
  const {value} = node;
  if (Buffer.isBuffer(value)) return value;
  return typeof value !== 'string' || value.includes('\ufffd') ? undefined : Buffer.from(value);
}

const textOf = (node: Node | undefined): string | undefined => bytesOf(node)?.toString('latin1');
