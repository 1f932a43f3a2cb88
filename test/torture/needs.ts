// What must be on the machine before any part begins: said in a sentence, not as a fault of mailferry or of the rig.
import {spawnSync} from 'node:child_process';
import {dovecotAvailable} from '../servers/dovecot.ts';
import type {PartEntry} from './parts.ts';

/** As Debian's packages have them. */
const packages = {dovecot: 'dovecot-imapd', openssl: 'openssl'} as const;

export type Needed = keyof typeof packages;

export function isThere(program: Needed): boolean {
  if (program === 'dovecot') return dovecotAvailable;
  return spawnSync(program, ['version'], {stdio: 'ignore'}).error === undefined;
}

/** Undefined where nothing is missing. @param asked the parts that are to run */
export function lackOf(
  asked: readonly Pick<PartEntry, 'name' | 'alone'>[],
  there: (program: Needed) => boolean,
): string | undefined {
  const needy = asked.filter(({alone}) => alone !== true).map(({name}) => name);
  if (needy.length === 0) return undefined;
  const missing = (['dovecot', 'openssl'] as const).filter(program => !there(program));
  if (missing.length === 0) return undefined;
  const all = asked.length > needy.length ? ` The others do without: --only takes their names.` : '';
  return `Not installed: ${missing.join(' and ')}, without which there are no servers for ${needy.join(', ')} (on Debian: apt-get install ${missing.map(program => packages[program]).join(' ')}).${all}`;
}
