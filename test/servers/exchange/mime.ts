// Takes messages apart as far as the simulated Exchange looks into them. One latin1 character is one byte.

export type Field = {
  /** As written. */
  readonly name: string;
  /** After the colon, folded as it came, without the last line break. */
  readonly value: string;
};

export type Entity = {readonly fields: readonly Field[]; readonly body: string};

/** Fields and body of a message or part. Lines before the body that are no field are dropped. */
export function readEntity(text: string): Entity {
  const start = /^\r?\n/.exec(text);
  if (start !== null) return {fields: [], body: text.slice(start[0].length)};
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const fields: Field[] = [];
  for (const line of head.split(/\r?\n(?![ \t])/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trimEnd();
    if (colon > 0 && /^[\x21-\x39\x3b-\x7e]+$/.test(name)) fields.push({name, value: line.slice(colon + 1)});
  }
  if (end === null && fields.length === 0) return {fields, body: text};
  return {fields, body: end === null ? '' : text.slice(end.index + end[0].length)};
}

/** The first value of a field, unfolded and trimmed; '' where there is none. */
export function fieldOf(fields: readonly Field[], name: string): string {
  const wanted = name.toLowerCase();
  const field = fields.find(each => each.name.toLowerCase() === wanted);
  return unfold(field?.value ?? '');
}

export function unfold(value: string): string {
  return value.replaceAll(/\r?\n/g, '').trim();
}

export type ContentType = {
  /** Lower case: 'text/plain'. */
  readonly type: string;
  readonly boundary: string;
};

export function contentTypeOf(fields: readonly Field[], otherwise = 'text/plain'): ContentType {
  const value = fieldOf(fields, 'Content-Type') || otherwise;
  const type = /^[^\s;]+/.exec(value)?.[0].toLowerCase() ?? otherwise;
  const found = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(value);
  return {type, boundary: type.startsWith('multipart/') ? (found?.[1] ?? found?.[2] ?? '') : ''};
}

/** The parts of a multipart body; none where its boundary never comes. */
export function partsOf(body: string, boundary: string): string[] {
  const parts: string[] = [];
  const delimiter = `--${boundary}`;
  let from = -1;
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== '\n') continue;
    const rest = body.slice(at + delimiter.length, at + delimiter.length + 2);
    if (rest !== '' && !/^(--|[\r\n \t])/.test(rest)) continue;
    if (from !== -1) parts.push(body.slice(from, at).replace(/\r?\n$/, ''));
    if (rest === '--') return parts;
    const line = body.indexOf('\n', at);
    from = line === -1 ? body.length : line + 1;
  }
  if (from !== -1) parts.push(body.slice(from));
  return parts;
}

/** The bytes of a body as they were before its transfer encoding. */
export function decodeBody(body: string, encoding: string): Buffer {
  const name = encoding.trim().toLowerCase();
  if (name === 'base64') return Buffer.from(body, 'base64');
  if (name !== 'quoted-printable') return Buffer.from(body, 'latin1');
  const text = body
    .replaceAll(/[ \t]+(?=\r?\n)/g, '')
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}
