// Messages that are hard to tell apart, as descriptions that can be written in many ways: as their sender wrote them, and
// as servers write them anew on the way.

export type Described = {
  /** '' for none. */
  readonly id: string;
  /** Seconds since 1970; undefined for no Date. */
  readonly date: number | undefined;
  readonly from: string;
  readonly subject: string;
  /** '' for an empty body, undefined for a message that is only headers. */
  readonly body: string | undefined;
  /** What was noted on its way: Received, X-Spam-Score. */
  readonly noted: string;
  /** In a field that no server touches and the engine does not look at: what counts messages knows them by it. */
  readonly token?: string;
};

/** How a server writes a message. */
export type Style = {
  /** Minutes east of UTC. */
  readonly zone: number;
  readonly words: 'B' | 'Q' | 'raw';
  readonly fold: boolean;
  readonly reverse: boolean;
  readonly names: 'usual' | 'lower' | 'upper';
  readonly body: 'as it is' | 'base64' | 'quoted-printable';
  /** Adds X- fields of its own. */
  readonly adds: boolean;
  /** Adds a Message-ID and a Date where there is none. */
  readonly completes: boolean;
};

export const asSent: Style = {
  zone: 0,
  words: 'raw',
  fold: false,
  reverse: false,
  names: 'usual',
  body: 'as it is',
  adds: false,
  completes: false,
};

const crlf = '\r\n';
const days = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const two = (value: number) => String(value).padStart(2, '0');

function dateText(seconds: number, zone: number): string {
  const at = new Date((seconds + zone * 60) * 1000);
  const sign = zone < 0 ? '-' : '+';
  const offset = `${sign}${two(Math.floor(Math.abs(zone) / 60))}${two(Math.abs(zone) % 60)}`;
  return `${days[at.getUTCDay()]}, ${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} ${offset}`;
}

function word(text: string, as: Style['words']): string {
  if (as === 'raw' || text === '') return text;
  const bytes = Buffer.from(text);
  if (as === 'B') return `=?utf-8?B?${bytes.toString('base64')}?=`;
  const quoted = [...bytes].map(byte => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  return `=?UTF-8?Q?${quoted}?=`;
}

function bodyText(body: string, as: Style['body']): string {
  if (as === 'base64')
    return `${(
      Buffer.from(body)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join(crlf)}${crlf}`;
  if (as === 'quoted-printable')
    return body.replaceAll(/[^\r\n !-<>-~]/g, char =>
      [...Buffer.from(char)].map(byte => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    );
  return body;
}

/** The token of a message, however it is written; '' for none. */
export function tokenIn(bytes: Buffer): string {
  const [header = ''] = bytes.toString('latin1').split(/\r?\n\r?\n/, 1);
  return /^x-token:\s*(\w+)/im.exec(header)?.[1] ?? '';
}

/** @param seed makes what a server adds its own for each message */
export function render(message: Described, style: Style, seed: number): Buffer {
  const {id, date, from, subject, body, noted, token} = message;
  const written = date ?? (style.completes ? 1_600_000_000 + seed : undefined);
  const own = style.completes ? `${seed}.made@server.example` : '';
  const messageId = id === '' ? own : id;
  const fields: (readonly [string, string])[] = [
    ...(noted === ''
      ? []
      : ([
          ['Received', `from ${noted} by mx.example`],
          ['X-Spam-Score', noted],
        ] as const)),
    ...(token === undefined ? [] : ([['X-Token', token]] as const)),
    ['From', `${word('Zoë Müller', style.words)} <${from}>`],
    ['To', 'ann@baya.com, bob@baya.com'],
    ['Subject', word(subject, style.words)],
    ...(written === undefined ? [] : ([['Date', dateText(written, style.zone)]] as const)),
    ...(messageId === '' ? [] : ([['Message-ID', `<${messageId}>`]] as const)),
    ['MIME-Version', '1.0'],
    ['Content-Type', 'text/plain; charset=utf-8'],
    ...(style.body === 'as it is' ? [] : ([['Content-Transfer-Encoding', style.body]] as const)),
    ...(style.adds ? ([['X-Stored-By', `server ${seed}`]] as const) : []),
  ];
  const named = (name: string) =>
    style.names === 'usual' ? name : style.names === 'lower' ? name.toLowerCase() : name.toUpperCase();
  const lines = (style.reverse ? fields.toReversed() : fields).map(([name, value]) =>
    style.fold ? `${named(name)}:${crlf} ${value.replace(', ', `,${crlf}\t`)}` : `${named(name)}: ${value}`,
  );
  const end = body === undefined ? '' : `${crlf}${bodyText(body, style.body)}`;
  return Buffer.from(`${lines.join(crlf)}${crlf}${end}`);
}
