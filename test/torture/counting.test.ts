// How the rig counts mail: one by one, and what is hard to tell apart too.
import {describe, expect, test} from 'vitest';
import {seeded} from '../helpers/mail-random.ts';
import {asSent, render, tokenIn} from '../helpers/mail-rendered.ts';
import {bothOf, compareCounts} from './golden.ts';
import {described, sent, style} from './identity-mail.ts';

describe('messages counted', () => {
  test('one that is missing is not made up for by one that came twice', () => {
    expect(compareCounts(['a', 'b'], ['a', 'a'])).toEqual({
      compared: 2,
      lost: ['b'],
      doubled: ['a'],
      foreign: [],
    });
  });

  test('twins are counted, and what nobody sent is told', () => {
    expect(compareCounts(['a', 'a', 'b'], ['b', 'a', 'a'])).toMatchObject({lost: [], doubled: []});
    expect(compareCounts(['a', 'a', 'a'], ['a'])).toMatchObject({lost: ['a', 'a'], doubled: []});
    expect(compareCounts(['a'], ['a', 'a', 'x'])).toMatchObject({doubled: ['a'], foreign: ['x']});
  });

  test('what was wrong at first and what has changed since are both told', () => {
    const first = compareCounts(['a', 'b'], ['a']);
    const since = compareCounts(['a'], ['a', 'a', 'x']);
    expect(bothOf(first, since)).toEqual({compared: 2, lost: ['b'], doubled: ['a'], foreign: ['x']});
  });
});

describe('mail that is hard to tell apart', () => {
  const random = seeded(3);
  const messages = Array.from({length: 40}, () => described(random)).flat();

  test('is known by its token however a server writes it', () => {
    for (const [index, message] of messages.entries())
      for (const each of [asSent, style(random), style(random)])
        expect(tokenIn(render(message, each, index))).toBe(message.token);
    expect(tokenIn(Buffer.from('From: ann@example.org\r\n\r\nX-Token: none\r\n'))).toBe('');
  });

  test('is not easier to tell apart by it: what is the same but for it has the same one', () => {
    const bytesWith = Map.groupBy(messages, ({token: _, ...rest}) => render(rest, asSent, 0).toString());
    expect(bytesWith.size).toBeLessThan(messages.length);
    for (const twins of bytesWith.values())
      expect(new Set(twins.map(each => sent(each, [asSent], 0).bytes.toString())).size).toBe(1);
    expect(new Set(messages.map(({token}) => token.length))).toEqual(new Set([12]));
  });

  test('has another one where a reader sees another message', () => {
    const seen = Map.groupBy(messages, ({id, date, from, subject, body = ''}) =>
      JSON.stringify([id, date, from, subject, body]),
    );
    expect(new Set(messages.map(({token}) => token)).size).toBe(seen.size);
  });
});
