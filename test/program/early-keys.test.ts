import {describe, expect, it, vi} from 'vitest';
import {withQuietKeys} from '../../source/program/early-keys.ts';

function keyboard(isTTY: boolean) {
  const modes: boolean[] = [];
  const stream = {
    isTTY,
    setRawMode: vi.fn((on: boolean) => {
      modes.push(on);
      return stream as unknown as NodeJS.ReadStream;
    }),
  };
  return {stream, modes};
}

describe('withQuietKeys', () => {
  it('takes the keyboard over before the work and gives it back afterwards', async () => {
    const {stream, modes} = keyboard(true);
    const done = await withQuietKeys(stream, async () => {
      expect(modes).toEqual([true]);
      return 7;
    });
    expect([done, modes]).toEqual([7, [true, false]]);
  });

  it('gives it back where the work fails', async () => {
    const {stream, modes} = keyboard(true);
    await expect(withQuietKeys(stream, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(modes).toEqual([true, false]);
  });

  it('leaves what is no terminal alone', async () => {
    const {stream, modes} = keyboard(false);
    await withQuietKeys(stream, async () => undefined);
    expect(modes).toEqual([]);
  });
});
