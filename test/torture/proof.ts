// Whether a test proves that code is needed: it passes with it, and fails without it.
import type {Ended} from './named-tests.ts';

export type Runs = {
  /** How the test ends alone, with all code in its place. */
  withCode(): Promise<Ended>;
  without(): Promise<Ended>;
  /** Called where it is proven only by not ending in time. */
  late(): void;
};

/**
 * In what the test does not prove it; undefined where it does.
 * @param whole how it ended among all others, with all code in its place
 */
export async function mistakeOf(whole: Ended, {withCode, without, late}: Runs): Promise<string | undefined> {
  // What failed among all the others may have lost a race with them: it is asked again, alone.
  if (whole !== 'passed' && (await withCode()) !== 'passed') return 'does not pass with the code either';
  switch (await without()) {
    case 'failed':
      return undefined;
    case 'passed':
      return 'passes without the code';
    case 'not run':
      return 'did not run';
    case 'out of time': {
      // Nothing was asserted: a machine that was too busy just then looks the same.
      const again = await withCode();
      if (again === 'out of time') return 'does not end in time with the code either';
      if (again !== 'passed') return 'does not pass with the code either, right after';
      late();
      return undefined;
    }
  }
}
