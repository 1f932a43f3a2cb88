// What each request is called in lines: its source mailbox, and where that is not one request's alone, what tells them apart.
import type {RequestSummary} from '../engine/events.ts';

type Named = Pick<RequestSummary, 'source' | 'title' | 'destination' | 'destinationFolder'>;

/** In the order of the requests. Alike where they are the same in all that a person gave. */
export function namesOf(requests: readonly Named[]): readonly string[] {
  const short = requests.map(({source, title}) => source || title);
  const withEnd = requests.map(({destination}, at) => `${short[at]} to ${destination}`);
  const whole = requests.map(({destinationFolder}, at) =>
    destinationFolder === '' ? `${withEnd[at]}` : `${withEnd[at]}, ${destinationFolder}`,
  );
  const isAlone = [short, withEnd].map(alone);
  return requests.map((_, at) => {
    const [first, second] = isAlone.map(is => is(at));
    return (first ? short[at] : second ? withEnd[at] : whole[at]) ?? '';
  });
}

/** True of those that no other is called like. */
function alone(names: readonly string[]): (at: number) => boolean {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return at => times.get(names[at] ?? '') === 1;
}
