import type {Socket} from 'node:net';
import {PassThrough} from 'node:stream';
import {expect, it} from 'vitest';
import {onLines} from '../../source/live/lines.ts';

it('a line of many megabytes in small pieces costs no more than in large ones', () => {
  const stream = new PassThrough();
  const lengths: number[] = [];
  onLines(stream as unknown as Socket, 100_000_000, value => lengths.push(String(value).length));
  // Put together and looked through at each of them, they take minutes.
  const piece = 'x'.repeat(1000);
  stream.emit('data', '"');
  for (let count = 0; count < 30_000; count++) stream.emit('data', piece);
  stream.emit('data', '"\n7\n');
  expect(lengths).toEqual([30_000_000, 1]);
});

it('nothing is taken behind the line that ended the connection', () => {
  const stream = new PassThrough();
  const taken: unknown[] = [];
  onLines(stream as unknown as Socket, 100, value => {
    taken.push(value);
    if (value === 2) stream.destroy();
  });
  stream.emit('data', '1\n2\n3\n');
  expect(taken).toEqual([1, 2]);
});
