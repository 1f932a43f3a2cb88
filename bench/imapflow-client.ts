// The plain way to copy with imapflow: for each share of the folders one connection that fetches and one that appends, a
// message at a time. Reads its task as JSON from its first argument.
import {ImapFlow} from 'imapflow';
import type {ImapflowTask} from './contenders.ts';

const {source, destination, shares} = JSON.parse(process.argv[2] ?? '{}') as ImapflowTask;

async function open({port, user}: ImapflowTask['source']): Promise<ImapFlow> {
  const auth = {user, pass: 'pass'};
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth,
    logger: false,
  });
  await client.connect();
  return client;
}

async function copy(folders: readonly string[]): Promise<void> {
  const [from, to] = await Promise.all([open(source), open(destination)]);
  for (const folder of folders) {
    if (folder !== 'INBOX') await to.mailboxCreate(folder);
    await from.mailboxOpen(folder, {readOnly: true});
    const asked = {uid: true, flags: true, internalDate: true, source: true};
    for await (const {source: body, flags, internalDate} of from.fetch('1:*', asked)) {
      if (body === undefined) throw new Error(`A message of ${folder} has no source.`);
      await to.append(folder, body, [...(flags ?? [])], internalDate);
    }
  }
  await Promise.all([from.logout(), to.logout()]);
}

await Promise.all(shares.map(copy));
