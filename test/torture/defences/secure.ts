// What crosses the network: a password only to whom it is meant for, and of a server no more than it may say before mail is read.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const entered = rowOf('engine/imap/sign-in', 'engine/imap/secure');
const bounded = rowOf('engine/imap/sign-in', 'engine/imap/hostile-sign-in');
const signIn = rowOf('engine/imap/sign-in-bounds', 'engine/imap/hostile-sign-in');
const deadline = rowOf('engine/imap/sign-in-bounds', 'engine/imap/sign-in-bounds');
const identity = rowOf('engine/auth/identity-network', 'engine/auth/sign-ins');
const odd = rowOf('engine/auth/identity-network', 'engine/auth/odd-provider');
const trust = (test: string) => rowOf('engine/auth/trust', test);
const shown = rowOf('engine/auth/msal', 'engine/auth/odd-provider');
const plain = rowOf('request/rules', 'request/fields');
const compressed = rowOf('engine/imap/compress', 'engine/imap/compress');
const framed = rowOf('engine/imap/framing', 'engine/imap/framing');
const stored = rowOf('engine/imap/append', 'engine/imap/misled');

const lax = 'is refused also where Node was told to take any';
const shared = 'is the one that a sign-in at a mail server and a question to an identity provider use';
const old = 'TLS older than 1.2 is refused, also where Node was told to speak it';
const unstripped = 'taken out of the capabilities, it is missed, and no password is sent';
const thisMachine = 'security none is for this machine, unless it is allowed';
const left = 'is left: %s';
const asked = 'and %s is left';
const ended = 'once the sign-in has ended no clock runs, whatever was still waited for';

export const secure: readonly Defence[] = [
  entered('every certificate is verified', '      rejectUnauthorized: true,\n', '', lax),
  entered(
    'no certificate is taken that proves nothing',
    'rejectUnauthorized: true',
    'rejectUnauthorized: false',
    'is refused with its reason, and nothing is sent',
  ),
  trust('engine/imap/secure')('speaks TLS 1.2 at least', "minVersion: 'TLSv1.2', ", '', old),
  entered(
    'signs in with STARTTLS, or not at all',
    "doSTARTTLS: endpoint.security === 'starttls'",
    'doSTARTTLS: undefined',
    unstripped,
  ),
  identity(
    'verifies the certificate of who gives the tokens',
    'rejectUnauthorized: true, ',
    '',
    'also where Node was told to take any',
  ),
  trust('engine/auth/odd-provider')(
    'speaks TLS 1.2 with them at least',
    "minVersion: 'TLSv1.2', ",
    '',
    'is told no secret in TLS older than 1.2, also where Node was told to speak it',
  ),
  odd(
    'reads no answer of theirs without end',
    "            if (bytes > longestAnswer) response.destroy(new Error('The answer is too long'));\n",
    '',
    'is read no further than any answer goes',
  ),
  plain(
    'no password in clear but on this machine',
    ' || allowPlaintext || isLoopback(server)',
    ' || !allowPlaintext || isLoopback(server)',
    thisMachine,
  ),
  plain(
    'and this machine is no name that begins like it',
    "if (isIP(host) === 4) return host.startsWith('127.');",
    "if (host.startsWith('127.')) return true;",
    thisMachine,
  ),
  plain('nor one that ends so', "host.endsWith('.localhost')", "host.endsWith('localhost')", thisMachine),
  rowOf('request/check-endpoint', 'request/fields')(
    'what the rule says counts',
    "  if (refusal !== undefined) {\n    return refuse(refusal, {label: 'use tls'",
    "  if (refusal !== undefined && rules.allowPlaintext) {\n    return refuse(refusal, {label: 'use tls'",
    thisMachine,
  ),
  bounded('the sizes of a sign-in are bounded', '    ...signInSizes,\n', '', left),
  bounded(
    'its responses are counted',
    "    Reflect.apply(Reflect.get(ImapFlow.prototype, 'failProtocol'), this, [wrong]);\n",
    '',
    left,
  ),
  bounded(
    'waits for its own turn as long as it takes',
    '      this.#deadline.stop();\n',
    '',
    'waiting for its turn to be named is not the server’s doing',
  ),
  bounded(
    'tells of no capability that is none',
    '.filter(name => capabilityName.test(hide(name)))',
    '',
    'capabilities that are none are not told of',
  ),
  signIn('a line is so long', 'maxLineLength: 64 * 1024', 'maxLineLength: 1024 ** 3', left),
  signIn('a literal is so large', 'maxLiteralSize: 64 * 1024', 'maxLiteralSize: 4 * 1024 ** 3', left),
  signIn('a response is so large', 'maxResponseSize: 128 * 1024', 'maxResponseSize: 4 * 1024 ** 3', left),
  signIn('and has so many parts', 'maxResponseTokens: 5000', 'maxResponseTokens: 500_000_000', left),
  signIn('they are so many', '++this.#count > mostResponses', 'false', left),
  signIn(
    'there is an end to it',
    '      this.#giveUp();\n',
    '',
    'is left when its time is over, though it is never silent',
  ),
  signIn(
    'and the reason is told',
    '      this.#passed = true;\n',
    '',
    'is left when its time is over, though it is never silent',
  ),
  signIn(
    'nothing begins once it is over',
    '    if (this.#over) return;\n',
    '',
    'a connection that goes before anybody is named on it leaves no timer behind, whenever its turn comes',
  ),
  deadline(
    'what is waited for meanwhile does not count',
    '  stop(): void {\n    clearTimeout(this.#timer);\n',
    '  stop(): void {\n',
    'what is waited for meanwhile does not count, and the time begins anew after it',
  ),
  deadline(
    'no clock goes on behind it',
    '    this.#over = true;\n    clearTimeout(this.#timer);\n',
    '    this.#over = true;\n',
    ended,
  ),
  compressed(
    'what came with the answer is not lost',
    '  if (rest.length > 0) socket.unshift(rest);\n',
    '',
    'may go on in the same packet',
  ),
  compressed(
    'nothing is deflated where the server said no',
    "  if (status !== 'OK') return {socket, readSocket: socket, writeSocket: socket};\n",
    '',
    'may refuse, and is served as it is',
  ),
  compressed('takes no other line for the answer', '(?:^|\\\\n)', '', 'may refuse, and is served as it is'),
  compressed(
    'takes in no faster than it inflates',
    '  socket.pipe(inflated);\n',
    "  socket.on('data', (chunk: Buffer) => void inflated.write(chunk)).resume();\n",
    'and taken from the line no faster either',
  ),
  compressed(
    'what is written reaches the server',
    '      deflate.write(chunk);\n      flush(done);\n',
    '      deflate.write(chunk, () => done());\n',
    'carry every byte with %s, in fewer bytes',
  ),
  bounded(
    'asks nobody to compress who does not offer it',
    ' && capabilities.has(compressCapability)',
    '',
    'a server is asked to compress only where it offers that',
  ),
  compressed('an answer to COMPRESS is so long', 'had.length > longestAnswer', 'false', asked),
  compressed('and comes in time', "lost('ETIMEOUT', 'No answer to COMPRESS')", '{}', asked),
  compressed(
    'who hangs up is not waited for',
    ".on('end', gone).on('close', gone);\n  signal",
    ';\n  signal',
    'and hangs up instead has lost the connection too',
  ),
  compressed(
    'who is stopped does not wait',
    "  signal.addEventListener('abort', abort, {once: true});\n",
    '',
    'is left at once when nobody waits any more',
  ),
  compressed(
    'a connection that is given up is closed',
    "    socket.on('error', () => undefined).destroy();\n",
    '',
    asked,
  ),
  compressed(
    'an end is no damage',
    ', finishFlush: constants.Z_SYNC_FLUSH}',
    '}',
    'and hangs up behind a whole answer has just ended',
  ),
  framed(
    'a line has an end',
    'this.#partialBytes > longestLine',
    'false',
    'refuses a line that never ends, and a response of endless literals',
  ),
  framed(
    'of all of them together as much as memory holds',
    'if (this.#kept > largestResponse)',
    'if (size > largestResponse)',
    'refuses literals that are each small enough and together too large for memory',
  ),
  framed(
    'their lines too',
    'this.#kept += line.length + ',
    'this.#kept += ',
    'refuses small literals in lines that are together too long for memory',
  ),
  framed('each response for itself', '      this.#kept = 0;\n', '', 'counts anew with each response'),
  framed('and what is looked at in it', '      this.#looked = 0;\n', '', 'counts anew with each response'),
  framed(
    'reads nothing more while somebody else is full',
    'if (this.#held) this.#waiting.push(chunk);\n    else ',
    '',
    'hands a literal to its sink piece by piece, and reads nothing more while the sink holds',
  ),
  rowOf('engine/imap/framing', 'engine/imap/bounds')(
    'a size has 32 bits',
    'size > largestLiteral',
    'false',
    'a literal of more than 32 bits ends the connection, also one that streams',
  ),
  stored(
    'a large message is not sent for commands to a server that has answered without it',
    '() => !command.answered(),',
    '() => true,',
    'nor one that is answered with OK in place of being asked for',
  ),
  stored(
    'a lost connection refuses no message',
    '      if (!(error instanceof ServerRefused)) throw error;\n      // All',
    '      // All',
    'a batch is not refused where the connection has gone',
  ),
  trust('engine/imap/secure')(
    'and takes 1.2 from a server that has nothing newer',
    "minVersion: 'TLSv1.2'",
    "minVersion: 'TLSv1.3'",
    'TLS 1.2 is new enough where a server speaks nothing newer: the password is sent',
  ),
  trust('engine/auth/odd-provider')(
    'and from who gives the tokens',
    "minVersion: 'TLSv1.2'",
    "minVersion: 'TLSv1.3'",
    'is asked where it speaks TLS 1.2 and nothing newer',
  ),
  rowOf('engine/imap/sign-in', 'engine/auth/trust')(
    'a sign-in reads no authority anew',
    'secureContext: trusting(options.ca)',
    'ca: [...(options.ca ?? [])]',
    shared,
  ),
  rowOf('engine/auth/identity-network', 'engine/auth/trust')(
    'nor does asking for a token',
    'secureContext: trusting(ca)',
    'ca: [...ca]',
    shared,
  ),
  trust('engine/auth/trust')(
    'what is trusted is read once',
    '  known.set(key, shared);\n',
    '',
    'is shared where the same authorities are trusted, and only there',
  ),
  trust('engine/auth/trust')(
    'the system’s authorities count beside those of --ca',
    "...getCACertificates('default'), ",
    '',
    'trusts the authorities of the system beside those that are named',
  ),
  rowOf('engine/imap/sign-in', 'engine/copy/network-faults')(
    'a look-up that is never answered ends with the time for connecting',
    '    connectionTimeout: options.connectMs,\n',
    '',
    'waits no longer for name servers that never answer than for a server, and asks again',
  ),
  shown(
    'a code is text and no more',
    'code: cleanText(userCode, 40)',
    'code: userCode',
    'shows a person no more than text where it sends code and address meant to hurt',
  ),
  shown(
    'and so is the address',
    'address: cleanText(verificationUri, 200)',
    'address: verificationUri',
    'shows a person no more than text where it sends code and address meant to hurt',
  ),
  odd(
    'its time has an end',
    "body['expires_in'] = codeSeconds(body)",
    "body['expires_in'] = body['expires_in']",
    'gives a person no more than a day for a code',
  ),
];
