// Exchange puts a note of its own in the place of a message that it cannot convert (quirk `stubs`). Copied, the note
// would pass for the mail: it is named as failed instead, with what it says of the original. Pure.
import {bodyStart, bufferOf, decode, parameter} from './entity.ts';
import {decodeCharset, decodeText, parseHeaders} from './headers.ts';

/** What the note says of the message it stands for. */
export type Stub = {readonly subject?: string; readonly from?: string};

const subjectOfStub = /^Retrieval using the IMAP4 protocol failed for the following message:\s*\d+\s*$/i;
const bodyOfStub = /The server (?:couldn.t|could not) retrieve the following message:/i;
/** Bytes. Notes are short; a mail that quotes one in a longer text is not looked at. */
export const longestStub = 16 * 1024;

/** Undefined where the message is itself. Both subject and body must be the note's: people write about such notes. */
export function readStub(message: Uint8Array): Stub | undefined {
  if (message.byteLength > longestStub) return undefined;
  const bytes = bufferOf(message);
  const headers = parseHeaders(bytes);
  const subject = decodeText(headers.get('subject')?.[0] ?? '').trim();
  if (!subjectOfStub.test(subject) || !/Microsoft Exchange Server/i.test(headers.get('from')?.[0] ?? ''))
    return undefined;
  const encoding = (headers.get('content-transfer-encoding')?.[0] ?? '').trim().toLowerCase();
  const charset = parameter(headers.get('content-type')?.[0] ?? '', 'charset');
  const text = decodeCharset(decode(bytes.subarray(bodyStart(bytes)), encoding), charset);
  if (!bodyOfStub.test(text)) return undefined;
  const original = /^Subject: "(.*)"\s*$/m.exec(text)?.[1];
  const from = /^From: "([^"\r\n]*)"/m.exec(text)?.[1];
  return {
    ...(original === undefined || original === '' ? {} : {subject: original}),
    ...(from === undefined || from === '' ? {} : {from}),
  };
}
