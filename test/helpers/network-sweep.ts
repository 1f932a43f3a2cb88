// Every network fault at every byte of interest, for each way of storing and both ends. Pure, but for the chance of its
// seed.
import type {How, Toward} from '../servers/fault-proxy.ts';
import {placesIn} from './conversation.ts';
import {type Random, seeded} from './mail-random.ts';
import type {NetworkCase, Recording} from './network-room.ts';

export type NetworkTry = {
  /** Its kind, for counting. */
  readonly kind: string;
  /** For people: where the line breaks. */
  readonly where: string;
  readonly what: NetworkCase;
};

type Spot = {
  readonly recording: Recording;
  readonly toward: Toward;
  readonly at: number;
  readonly where: string;
};

/**
 * All tries by kind, each kind in an order of which every beginning is spread evenly over the conversations: whoever has
 * no time for all has tried a bit of everything. `cut` and `reset` are planned at every place of interest, one of each
 * kind of place first; what takes longer, or differs little from place to place, at a sample.
 */
export function networkTries(
  recordings: readonly Recording[],
  seed: number,
): ReadonlyMap<string, NetworkTry[]> {
  const random = seeded(seed);
  const spots = recordings.flatMap(spotsOf);
  const plain = spots.filter(({recording}) => recording.security === 'none' && !recording.large);
  const secure = spots.filter(({recording}) => recording.security !== 'none');
  const large = spots.filter(({recording}) => recording.large);
  const some = (all: readonly Spot[], share: number) => all.filter(() => random.below(share) === 0);
  const tries = new Map<string, NetworkTry[]>();
  const add = (
    kind: string,
    all: readonly Spot[],
    of: (spot: Spot) => Partial<NetworkCase>,
    first: readonly Spot[] = [],
  ) => {
    const before = new Set(first);
    const order = [
      ...evenly(first, random),
      ...evenly(
        all.filter(spot => !before.has(spot)),
        random,
      ),
    ];
    tries.set(
      kind,
      order.map(spot => ({kind, where: whereOf(spot), what: {...placeOf(spot), ...of(spot)}})),
    );
  };
  const fault = ({toward, at}: Spot, how: How) => ({toward, after: at, how});

  for (const how of ['cut', 'reset'] as const)
    add(how, plain, spot => ({faults: [fault(spot, how)]}), oneOfEach(plain, kindOfPlace, random));
  add('stalled', some(plain, 4), spot => ({faults: [fault(spot, 'stall')]}));
  add('half open', some(plain, 4), spot => ({faults: [fault(spot, 'deaf')]}));
  add('cut in TLS, no close_notify', some(secure, 2), spot => ({faults: [fault(spot, 'cut')]}));
  add('stalled in TLS', some(secure, 4), spot => ({faults: [fault(spot, 'stall')]}));
  add('damaged TLS record', some(secure, 2), spot => ({faults: [fault(spot, 'damage')]}));
  add('twice in a row', some(plain, 2), spot => {
    const toward = random.pick(['server', 'client'] as const);
    // In what is left of the conversation, and a little less: behind the first fault it is another one.
    const {passed} = spot.recording;
    const left = 0.8 * passed[toward].length * (1 - spot.at / passed[spot.toward].length);
    const again = {toward, after: random.below(Math.max(1, Math.floor(left)))};
    return {faults: [fault(spot, 'cut'), {...again, how: random.pick(['cut', 'reset'] as const)}]};
  });
  add('in a message that streams', large, spot => ({
    faults: [fault(spot, random.pick(['cut', 'reset'] as const))],
  }));
  add('of three lanes', some(plain, 2), spot => ({connections: 3, faults: [fault(spot, 'reset')]}));
  add('port closed afterwards', some(plain, 4), spot => ({
    // The first pause is over before anybody knocks.
    faults: [{...fault(spot, 'cut'), closedFor: 2 + random.below(3)}],
  }));
  add('name not found afterwards', some(plain, 4), spot => ({
    faults: [fault(spot, 'cut')],
    unnamed: {times: 1 + random.below(3), code: random.pick(['ENOTFOUND', 'EAI_AGAIN'] as const)},
  }));
  const small = recordings.filter(({security, large: streams}) => security === 'none' && !streams);
  const at = ({way, end}: Recording) => ({way, end});
  const first = (kind: string, more: Partial<NetworkCase>) =>
    tries.set(
      kind,
      small.map(each => ({kind, where: `${each.way}, ${each.end}, at first`, what: {...at(each), ...more}})),
    );
  first('port closed at first', {closedFor: 1});
  first('name not found at first', {unnamed: {times: 1, code: 'ENOTFOUND'}});
  first('names not looked up at first', {unnamed: {times: 1, code: 'EAI_AGAIN'}});
  const whole = recordings.filter(({large: streams}) => !streams);
  const drops = whole.map(({way, end, security}) => ({way, end, security, trickle: true}));
  const kind = 'one byte at a time';
  tries.set(
    kind,
    evenly(
      drops.map(what => ({kind, where: 'all along', what})),
      random,
    ),
  );
  // Behind all that draws from the seed: what it has tried before is tried as it was.
  add('name servers silent afterwards', some(plain, 4), spot => ({
    faults: [fault(spot, 'cut')],
    unnamed: {times: 1 + random.below(2), code: 'never'},
  }));
  first('name servers silent at first', {unnamed: {times: 1, code: 'never'}});
  return tries;
}

/** One of each kind in turn, until all are through. */
export function* inTurn(tries: ReadonlyMap<string, readonly NetworkTry[]>): Generator<NetworkTry> {
  const most = Math.max(...[...tries.values()].map(each => each.length));
  for (let index = 0; index < most; index++)
    for (const each of tries.values()) {
      const next = each[index];
      if (next !== undefined) yield next;
    }
}

/** Handshakes and the times that Dovecot tells are not of the same length each time, and nobody waits for the answer to
 * a goodbye: the last bytes of a recording may not come again. */
const unsure = 300;

function spotsOf(recording: Recording): Spot[] {
  return (['server', 'client'] as const).flatMap(toward => {
    const end =
      recording.passed[toward].length - (recording.security === 'none' && toward === 'server' ? 0 : unsure);
    return placesIn(recording.passed[toward])
      .filter(({at}) => at < end)
      .map(({at, where}) => ({recording, toward, at, where}));
  });
}

function placeOf({recording: {way, end, security, large}}: Spot): NetworkCase {
  return {way, end, security, ...(large ? {large} : {})};
}

function whereOf({recording, toward, at, where}: Spot): string {
  const what = recording.security === 'none' ? where : `in ${recording.security}`;
  return `${recording.way}, ${recording.end}, byte ${at} to the ${toward}: ${what}`;
}

const kindOfPlace = ({recording, toward, where}: Spot) => `${recording.end} ${toward} ${where}`;

/** One of each kind, by chance, in their order. */
export function oneOfEach<Item>(
  items: readonly Item[],
  kindOf: (item: Item) => string,
  random: Random,
): Item[] {
  const chosen = new Set([...Map.groupBy(items, kindOf).values()].map(each => random.pick(each)));
  return items.filter(item => chosen.has(item));
}

/**
 * All of them, in an order of which each beginning is spread evenly over the list, and that is another for another seed:
 * of each two halves, quarters, eighths … one after the other has its turn, and chance says which of them first.
 */
export function evenly<Item>(items: readonly Item[], random: Random): Item[] {
  if (items.length < 2) return [...items];
  const half = Math.ceil(items.length / 2);
  const parts = [evenly(items.slice(0, half), random), evenly(items.slice(half), random)];
  const [one = [], other = []] = random.below(2) === 0 ? parts : parts.toReversed();
  return Array.from({length: half}, (_, at) => [...one.slice(at, at + 1), ...other.slice(at, at + 1)]).flat();
}
