// Carries mail between a simulated Exchange and a plain server in memory, by a clock of the test's own.
import {afterEach, expect} from 'vitest';
import {startImapServer} from '../../source/demo/server/server.ts';
import {Mailbox} from '../../source/demo/server/store.ts';
import type {Job} from '../../source/engine/ports.ts';
import {Secret} from '../../source/request/secret.ts';
import {address, type Simulated, type SimulatedOptions, simulation} from '../servers/exchange/simulated.ts';
import {type End, type EngineOptions, type EngineRun, type JobOptions, job, runEngine} from './engine.ts';

/** A plain message with an identity of its own. */
export function letter(id: number, more = ''): Buffer {
  return Buffer.from(
    `From: ann@example.org\r\nTo: b@example.org\r\nSubject: letter ${id}\r\nDate: Mon, 2 Mar 1998 09:10:11 +0530\r\nMessage-ID: <${id}@letters.example>\r\n${more}\r\nletter ${id}\r\n`,
  );
}

export type Carried = {
  readonly run: EngineRun;
  /** ms of every wait, as the engine asked for it. */
  readonly waits: readonly number[];
};

export type CarryOptions = Omit<EngineOptions, 'ports'> & {
  readonly job?: JobOptions;
  /** What the request calls Exchange; 'o365' where not given. */
  readonly provider?: End['provider'];
};

export type Bridge = Simulated & {
  /** At the plain server. */
  readonly vault: Mailbox;
  /** From Exchange to the plain server. */
  carryFrom(options?: CarryOptions): Promise<Carried>;
  /** From the plain server to Exchange. */
  carryTo(options?: CarryOptions): Promise<Carried>;
  /**
   * Signs in at Exchange with tokens of so many seconds instead of the password, renewed after so many ms. @returns how many
   * were asked for
   */
  useTokens(seconds: number, renewAfterMs?: number): () => number;
};

const vaultUser = 'ann@vault.example';

/** To be called once in a test file. */
export function bridges(): (options?: SimulatedOptions) => Promise<Bridge> {
  const start = simulation();
  const stops: (() => Promise<void>)[] = [];
  afterEach(() => Promise.all(stops.splice(0).map(stop => stop())));
  return async options => {
    const simulated = await start(options);
    const {clock, server} = simulated;
    const vault = new Mailbox('pass');
    const plain = await startImapServer({mailboxes: new Map([[vaultUser, vault]]), now: clock.now});
    stops.push(() => plain.stop());
    let tokens: Job['credentials']['source'] | undefined;
    const exchangeEnd: End = {server, user: address};
    const plainEnd: End = {
      server: {host: plain.host, imapPort: plain.port},
      user: vaultUser,
      provider: 'imap',
    };
    const carry = async (side: 'source' | 'destination', given: CarryOptions = {}): Promise<Carried> => {
      const {job: about, provider = 'o365', ...engine} = given;
      const waits: number[] = [];
      const end = {...exchangeEnd, provider};
      const plan = side === 'source' ? job(end, plainEnd, about) : job(plainEnd, end, about);
      const credentials = tokens === undefined ? plan.credentials : {...plan.credentials, [side]: tokens};
      const run = await runEngine([{...plan, credentials}], {
        ...engine,
        ports: {
          now: clock.now,
          sleep: (ms, signal) => {
            waits.push(ms);
            return clock.sleep(ms, signal);
          },
        },
      });
      const {selected, copied, alreadyPresent, skipped, failed} = run.totals;
      expect(copied + alreadyPresent + skipped + failed).toBe(selected);
      return {run, waits};
    };
    return {
      ...simulated,
      vault,
      carryFrom: given => carry('source', given),
      carryTo: given => carry('destination', given),
      useTokens: (seconds, renewAfterMs = seconds * 800) => {
        let asked = 0;
        let current: {token: string; renewAt: number} | undefined;
        tokens = {
          kind: 'token',
          user: address,
          accessToken: async () => {
            if (current === undefined || current.renewAt <= clock.now()) {
              asked += 1;
              current = {token: simulated.appToken(seconds), renewAt: clock.now() + renewAfterMs};
            }
            return {secret: new Secret(current.token), renewAt: current.renewAt};
          },
          tokenExpired: () => {
            current = undefined;
          },
        };
        return () => asked;
      },
    };
  };
}

/** Message-IDs in the order of their numbers, with how often each is there. */
export function lettersIn(bodies: readonly Buffer[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const body of bodies) {
    const id = Number(/^Message-ID: <(\d+)@/im.exec(body.toString('latin1'))?.[1] ?? -1);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return new Map([...counts].sort(([one], [other]) => one - other));
}

/** Every letter from 1 to `count` once. */
export function eachOnce(count: number): Map<number, number> {
  return new Map(Array.from({length: count}, (_, index) => [index + 1, 1]));
}

export const folder = 'Data17012018/INBOX';
