// The servers of the model: one source, and a destination of each kind, started when it is first needed. Scenarios share
// them: each has mailboxes of its own.
import {type Dovecot, type DovecotOptions, startDovecot} from '../../servers/dovecot.ts';
import {alsoMarked} from '../left-behind.ts';
import type {Destination} from './steps.ts';

const options: Readonly<Record<Destination, DovecotOptions>> = {
  multiappend: {},
  pipelined: {hide: ['MULTIAPPEND']},
  overlapped: {hide: ['MULTIAPPEND', 'LITERAL+'], add: ['LITERAL-']},
  'without UIDPLUS': {hide: ['UIDPLUS']},
  dots: {separator: '.', prefix: 'INBOX.'},
  quota: {quotaBytes: 12_000_000},
};

export type World = {
  source(): Promise<Dovecot>;
  destination(kind: Destination): Promise<Dovecot>;
  stop(): Promise<void>;
};

export function newWorld(): World {
  const started = new Map<string, Promise<Dovecot>>();
  const get = (name: string, how: DovecotOptions) => {
    const server = started.get(name) ?? startDovecot({...how, extra: alsoMarked});
    started.set(name, server);
    return server;
  };
  return {
    source: () => get('source', {}),
    destination: kind => get(kind, options[kind]),
    async stop() {
      const all = await Promise.allSettled(started.values());
      await Promise.all(all.map(each => (each.status === 'fulfilled' ? each.value.stop() : undefined)));
    },
  };
}
