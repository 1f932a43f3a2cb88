// Network faults at chosen bytes of the conversation with real servers, each way of storing and both ends: the run goes
// on by itself, or stops so that the next one ends it; nothing is lost, nothing comes twice, nothing is left open.
// `npm run torture -- --only network` tries as many bytes of interest as it has time for; here are a few of each kind.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {openDescriptors} from '../../helpers/descriptors.ts';
import {missed} from '../../helpers/network-judgement.ts';
import {everyWay, type NetworkRoom, type Outcome, openNetworkRoom} from '../../helpers/network-room.ts';
import {type NetworkTry, networkTries} from '../../helpers/network-sweep.ts';
import {inParallel} from '../../helpers/parallel.ts';
import {describeDovecot} from '../../servers/dovecot.ts';

const seed = 1;

describeDovecot('a line that breaks', () => {
  let room: NetworkRoom;
  let tries: ReadonlyMap<string, readonly NetworkTry[]>;
  let descriptors: number | undefined;
  beforeAll(async () => {
    room = await openNetworkRoom();
    tries = networkTries(await room.record(everyWay, ['multiappend']), seed);
    descriptors = openDescriptors();
  });
  afterAll(async () => room?.close());

  const few = (kind: string, count: number, at = /./): NetworkTry[] =>
    (tries.get(kind) ?? []).filter(({where}) => at.test(where)).slice(0, count);

  /** @param look at what became of each, besides what must be so of all */
  async function carryAll(chosen: readonly NetworkTry[], look: (outcome: Outcome) => void = () => undefined) {
    expect(chosen.length).toBeGreaterThan(0);
    await inParallel(3, chosen, async ({where, what}) => {
      const outcome = await room.carry(what);
      const {broken, lost, doubled} = outcome;
      const seen = {where, what, broken, lost, doubled, missed: missed(what, outcome)};
      expect(seen).toEqual({where, what, broken: [], lost: 0, doubled: 0, missed: []});
      look(outcome);
    });
  }
  /** It happened, and the run came to its end all the same. */
  const byItself = ({faults, codes}: Outcome) =>
    expect({faults, code: codes[0]}).toEqual({faults: 1, code: 0});

  it('goes on by itself where it is cut, in lines, literals and in between', async () => {
    await carryAll(few('cut', 12), byItself);
  });

  for (const way of everyWay)
    it(`sends nothing again whose answer was swallowed (${way})`, async () => {
      const answers = new RegExp(
        `^${way}, destination, .* to the client: (before|in) the answer to an APPEND`,
      );
      await carryAll(few('cut', 2, answers), byItself);
    });

  it('goes on by itself where the greeting is cut', async () => {
    await carryAll(few('cut', 2, /byte \d\d? to the client/), byItself);
  });

  it('goes on by itself after an RST', async () => {
    await carryAll(few('reset', 5), byItself);
  });

  it('gives a line up that goes silent, whether it still takes bytes or not, and goes on over another', async () => {
    await carryAll(few('stalled', 3), byItself);
    await carryAll(few('half open', 3), byItself);
    await carryAll(few('stalled in TLS', 2), byItself);
  });

  it('takes the end of TLS without a close_notify for what it is', async () => {
    await carryAll(few('cut in TLS, no close_notify', 3), byItself);
  });

  it('takes a damaged TLS record for a lost line once TLS was spoken', async () => {
    const handshake = /byte (\d{1,3}|[12]\d{3}) /;
    const later = (tries.get('damaged TLS record') ?? []).filter(({where}) => !handshake.test(where));
    await carryAll(later.slice(0, 3), byItself);
  });

  it('bears two faults in a row, one in a message that streams, and one of three lanes', async () => {
    // Near the end of all work nothing is left for the second.
    await carryAll(few('twice in a row', 4, /byte 1?\d{1,3} /));
    await carryAll(few('in a message that streams', 3), byItself);
    await carryAll(few('of three lanes', 3), byItself);
  });

  it('goes on by itself where nobody answers for a while, or the name is not found', async () => {
    await carryAll(few('port closed afterwards', 3, /byte \d{4,}/), byItself);
    await carryAll(few('name not found afterwards', 3, /byte \d{4,}/), byItself);
  });

  it('takes a refused port or an unknown name for a mistake at first, with exit code 4; waits where DNS is away', async () => {
    const first = (code: number) => (outcome: Outcome) => expect(outcome.codes[0]).toBe(code);
    await carryAll(few('port closed at first', 2), first(4));
    await carryAll(few('name not found at first', 2), first(4));
    await carryAll(few('names not looked up at first', 2), first(0));
  });

  it('waits no longer for name servers that never answer than for a server, and asks again', async () => {
    const waited = ({codes, told}: Outcome) =>
      expect([codes[0], told]).toEqual([0, expect.arrayContaining(['connect-timed-out'])]);
    await carryAll(few('name servers silent at first', 2), waited);
    await carryAll(few('name servers silent afterwards', 2, /byte \d{4,}/), waited);
  });

  it('reads what comes one byte at a time', async () => {
    const first = (outcome: Outcome) => expect(outcome.codes).toEqual([0, 0]);
    await carryAll(few('one byte at a time', 2), first);
  });

  it('leaves the source as it was, whatever broke', async () => {
    expect(await room.sourceChanges()).toEqual([]);
  });

  it('leaves no file and no socket open', async () => {
    if (descriptors === undefined) return;
    await expect.poll(openDescriptors, {timeout: 10_000}).toBeLessThanOrEqual(descriptors);
  });
});
