// The table of defences is true: the code and the tests it names are there.
import {expect, it} from 'vitest';
import {untrue} from '../helpers/defence.ts';
import {defences} from './defences.ts';

it.each(Object.entries(defences))(
  '%s: names code that is there once, and a test of that title',
  (_, each) => {
    expect(each.length).toBeGreaterThan(0);
    expect(untrue(each)).toEqual([]);
  },
);
