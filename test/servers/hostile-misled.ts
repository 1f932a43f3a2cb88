// Lies about what is at an end already, told to who looks for it there: half of the mail is, and no ledger knows of it.
import type {Exchanged} from './hostile.ts';
import {both, changing, destination, instead, type Row} from './hostile-says.ts';
import {evil, utf8} from './hostile-text.ts';

/** What a message is known by, as if it were another's. */
const otherMail = (exchanged: Exchanged) => exchanged.reply.replace(/(Subject: m |<h\.)\d/g, '$19');

export const misled: readonly Row[] = [
  ['UIDs found without end', both, 'search', () => found()],
  ['UIDs found beyond 2^32', both, 'search', instead('* SEARCH 0 4294967296 99999999999999 -1 1 1 1\r\n')],
  ['nothing found', both, 'search', instead('* SEARCH\r\n')],
  ['one found fewer', both, 'search', changing(/(\* SEARCH.*?) \d+\r/, '$1\r')],
  ['more found than there is', both, 'search', changing(/(\* SEARCH.*)\r/, '$1 77 78 4294967295\r')],
  ['the same found twice', both, 'search', changing(/\* SEARCH(.*)\r/, '* SEARCH$1$1\r')],
  ['no headers', both, 'headers', instead('')],
  ['headers of one fewer', both, 'headers', changing(/^\* 1 FETCH [\s\S]*?\r\n\r\n\)\r\n/, '')],
  ['headers without UID', both, 'headers', changing(/UID \d+ /g, '')],
  ['headers of one UID for all', both, 'headers', changing(/UID \d+ /g, 'UID 1 ')],
  [
    'headers of each other',
    both,
    'headers',
    ({reply}) => reply.replace(/\(UID ([12]) /g, (_, uid) => `(UID ${3 - Number(uid)} `),
  ],
  ['headers of other mail', both, 'headers', otherMail],
  ['empty headers', both, 'headers', changing(/\{\d+\}\r\n[\s\S]*?\r\n\r\n\)/g, '{0}\r\n)')],
  ['headers of NIL', both, 'headers', changing(/\{\d+\}\r\n[\s\S]*?\r\n\r\n\)/g, 'NIL)')],
  [
    'each header twice',
    both,
    'headers',
    ({reply, tag}) => reply.slice(0, reply.lastIndexOf(`${tag} `)) + reply,
  ],
  ['headers longer than their literal', both, 'headers', changing(/\{\d+\}/, '{20}')],
  ['headers shorter than their literal', both, 'headers', changing(/\{\d+\}/, '{5000}')],
  ['headers with escapes', both, 'headers', exchanged => evilHeaders(exchanged)],
  ['sizes of nonsense', both, 'headers', changing(/RFC822\.SIZE \d+/g, 'RFC822.SIZE 99999999999999999999')],
  ['sizes of 0', both, 'headers', changing(/RFC822\.SIZE \d+/g, 'RFC822.SIZE 0')],
  ['EXISTS of nothing', destination, 'select', changing(/\* \d+ EXISTS/, '* 0 EXISTS')],
  ['EXISTS of 4 billion', destination, 'select', changing(/\* \d+ EXISTS/, '* 4294967295 EXISTS')],
  ['UIDVALIDITY of another folder', destination, 'select', changing(/UIDVALIDITY \d+/, 'UIDVALIDITY 7')],
  ['UIDNEXT below what is there', destination, 'select', changing(/UIDNEXT \d+/, 'UIDNEXT 1')],
  ['STATUS of nothing', destination, 'list', changing(/(MESSAGES|SIZE) \d+/g, '$1 0')],
  ['STATUS of nothing in the end', destination, 'status', changing(/MESSAGES \d+/, 'MESSAGES 0')],
];

/** Fields that a face shows, in a literal that is as long as it says. */
function evilHeaders({reply}: Exchanged): string {
  const text = utf8(evil.replaceAll(/[\r\n]/g, ''));
  return reply.replace(/\{\d+\}\r\n[\s\S]*?\r\n\r\n\)/g, () => {
    const header = `Subject: ${text}\r\nFrom: ${text}\r\nMessage-ID: <${text}>\r\n\r\n`;
    return `{${header.length}}\r\n${header})`;
  });
}

function* found(): Generator<string> {
  for (let number = 1; ; number += 10_000)
    yield `* SEARCH ${Array.from({length: 10_000}, (_, i) => (number + i) % 4_294_967_295).join(' ')}\r\n`;
}
