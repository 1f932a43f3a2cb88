// Many connections, one token: who waits, who leaves, and what ends with them.
import {expect, test, vi} from 'vitest';
import {type FetchedToken, TokenKeeper} from '../../../source/engine/auth/token-keeper.ts';
import {Secret} from '../../../source/request/secret.ts';

const token = (text: string, lifeMs = 100_000): FetchedToken => ({secret: new Secret(text), lifeMs});

function keeper() {
  let now = 0;
  const fetches: {signal: AbortSignal; answer: PromiseWithResolvers<FetchedToken>}[] = [];
  const fetch = vi.fn((signal: AbortSignal) => {
    const answer = Promise.withResolvers<FetchedToken>();
    fetches.push({signal, answer});
    return answer.promise;
  });
  const kept = new TokenKeeper(fetch, () => now);
  return {kept, fetches, pass: (ms: number) => (now += ms)};
}
const never = () => new AbortController().signal;

test('a renewal goes on as long as one waits for it, and is called off with the last', async () => {
  const {kept, fetches} = keeper();
  const [first, second] = [new AbortController(), new AbortController()];
  const asking = [kept.token(first.signal), kept.token(second.signal)];
  for (const each of asking) each.catch(() => undefined);
  expect(fetches).toHaveLength(1);
  first.abort();
  await expect(asking[0]).rejects.toBe(first.signal.reason);
  expect(fetches[0]?.signal.aborted).toBe(false);
  second.abort();
  await expect(asking[1]).rejects.toBe(second.signal.reason);
  expect(fetches[0]?.signal.aborted).toBe(true);
  const later = kept.token(never());
  expect(fetches).toHaveLength(2);
  fetches[1]?.answer.resolve(token('new'));
  expect((await later).secret.reveal()).toBe('new');
});

test('an older token that has expired does not cost the newer one', async () => {
  const {kept, fetches, pass} = keeper();
  kept.put(token('first'));
  const {renewAt} = await kept.token(never());
  pass(90_000);
  const renewed = kept.token(never());
  fetches[0]?.answer.resolve(token('second'));
  await renewed;
  kept.expired(renewAt);
  expect((await kept.token(never())).secret.reveal()).toBe('second');
  kept.expired();
  void kept.token(never()).catch(() => undefined);
  expect(fetches).toHaveLength(2);
});

test('a token that would live no time at all is not asked for again and again', async () => {
  const {kept, fetches} = keeper();
  kept.put(token('short', 0));
  await kept.token(never());
  expect(fetches).toHaveLength(0);
});
