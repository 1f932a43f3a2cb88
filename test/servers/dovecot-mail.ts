// A Dovecot's mailboxes as they lie on its disk (sdbox), for tests of very many: a sign-in to each would cost more than
// what is tested.
import {chownSync, cpSync, readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import type {Dovecot} from './dovecot.ts';

const folderOf = ({directory}: Dovecot, user: string) => join(directory, 'mail', user);

/** Gives mailboxes that do not exist yet the mail of one that nobody is signed in to. */
export function copyMailbox(server: Dovecot, from: string, to: readonly string[]): void {
  const source = folderOf(server, from);
  const {uid, gid} = statSync(source);
  for (const user of to) {
    const copy = folderOf(server, user);
    cpSync(source, copy, {recursive: true});
    chownSync(copy, uid, gid);
    for (const name of readdirSync(copy, {recursive: true, encoding: 'utf8'}))
      chownSync(join(copy, name), uid, gid);
  }
}

/** Messages in all folders of a mailbox: each is a file of its own. */
export function storedMessages(server: Dovecot, user: string): number {
  const names = readdirSync(folderOf(server, user), {recursive: true, encoding: 'utf8'});
  return names.filter(name => /[\\/]u\.\d+$/.test(name)).length;
}
