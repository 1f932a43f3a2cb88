// Which folders' commands may travel together.
import {describe, expect, it} from 'vitest';
import {Batches, BatchSize} from '../../../source/engine/copy/batches.ts';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {canGoTogether, isSmall} from '../../../source/engine/copy/small-folders.ts';
import {problem} from '../../../source/engine/problems/problems.ts';
import {connection} from '../../helpers/hand-played.ts';

describe('what may go together', () => {
  /** A folder with messages of so many bytes. */
  function folder(sizes: readonly number[], size = new BatchSize()): FolderWork {
    const work = new FolderWork(
      0,
      {
        folder: 0,
        source: {name: 'A', wire: 'A', path: ['A'], delimiter: '/', flags: [], noSelect: false},
        shown: 'A',
        destination: 'A',
        destinationStatus: undefined,
      },
      () => undefined,
    );
    const uids = sizes.map((_, at) => at + 1);
    work.batches = new Batches(uids, new Map(sizes.map((bytes, at) => [at + 1, bytes])), size);
    return work;
  }
  const few = [100, 100];

  it('is a folder with little mail, all of it in one batch', () => {
    const tight = new BatchSize();
    tight.bytes = 150;
    expect(isSmall(folder(few))).toBe(true);
    expect(isSmall(folder(Array<number>(20).fill(100)))).toBe(true);
    expect(isSmall(folder([]))).toBe(false);
    expect(isSmall(folder(Array<number>(21).fill(100)))).toBe(false);
    expect(isSmall(folder([200_000, 200_000]))).toBe(false);
    expect(isSmall(folder([3_000_000]))).toBe(false);
    expect(isSmall(folder(few, tight))).toBe(false);
    // Of unknown size it may be of any.
    const unknown = folder([]);
    unknown.batches = new Batches([1], new Map(), new BatchSize());
    expect(isSmall(unknown)).toBe(false);
  });

  it.each<[string, (work: FolderWork) => void]>([
    [
      'was out of the ordinary',
      work => {
        work.alone = true;
      },
    ],
    ['has mail under way without an answer', work => work.lost(0)],
    [
      'may show more mail than is known',
      work => {
        work.wary = true;
      },
    ],
    [
      'may have closed the connection',
      work => {
        work.opening.begin('source');
        work.opening.lost(false);
      },
    ],
    [
      'fails',
      work => {
        work.refusal = problem('folder-vanished', {folder: 'A'});
      },
    ],
  ])('is no folder that %s', (_, change) => {
    const work = folder(few);
    change(work);
    expect(isSmall(work)).toBe(false);
  });

  it('is nothing where a UID is not told, each message is asked for, or an end is Exchange', () => {
    const of = (capabilities: readonly string[], greeting = '') =>
      connection({capabilities, greeting}).session;
    const [source, target] = [of([]), of(['UIDPLUS'])];
    const exchange = of(['UIDPLUS'], 'The Microsoft Exchange IMAP4 service is ready.');
    expect(canGoTogether({source, target}, 'multiappend')).toBe(true);
    expect(canGoTogether({source, target}, 'pipelined')).toBe(true);
    expect(canGoTogether({source, target}, 'overlapped')).toBe(false);
    expect(canGoTogether({source, target: of([])}, 'multiappend')).toBe(false);
    expect(canGoTogether({source: exchange, target}, 'multiappend')).toBe(false);
    expect(canGoTogether({source, target: exchange}, 'multiappend')).toBe(false);
  });
});
