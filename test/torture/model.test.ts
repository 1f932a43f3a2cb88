// A few fixed scenarios of the model, one for each kind of destination. `npm run torture -- --only model` plays others
// until its time is up.
import {afterAll, describe, expect, it} from 'vitest';
import {describeDovecot} from '../servers/dovecot.ts';
import {Books, countsOf} from './model/books.ts';
import {play} from './model/play.ts';
import {drawScenario} from './model/steps.ts';
import {newWorld} from './model/world.ts';
import {replay, scenarioOf} from './model.ts';

describeDovecot('a random scenario ends as the books say', () => {
  const world = newWorld();
  afterAll(() => world.stop());

  it.each([39, 16, 17, 11, 30, 6, 23])('seed %i', async seed => {
    const {compared, lost, doubled, broken} = await play(drawScenario(seed), world);
    expect({lost, doubled, broken}).toEqual({lost: [], doubled: [], broken: []});
    expect(compared).toBeGreaterThan(0);
  });
});

it.each([[[]], [[0]], [[0, 2]]])('what is printed of a failing scenario plays its steps %j again', steps => {
  const scenario = drawScenario(3165);
  const [, text = ''] = / --case (\S+)$/.exec(replay(scenario, steps, 0)) ?? [];
  expect(scenarioOf(text)).toEqual({...scenario, steps: steps.map(index => scenario.steps[index])});
});

describe('the books', () => {
  const places = new Map([['A', 'X/A']]);
  const books = () => {
    const fresh = new Books();
    fresh.sourceHas('A', ['one', 'two', 'two']);
    fresh.planned(places);
    return fresh;
  };
  const judge = (kept: Books, there: readonly string[], source = ['one', 'two', 'two']) => {
    const {lost, doubled} = kept.judge(
      places,
      new Map([['A', countsOf(source)]]),
      new Map([['X/A', countsOf(there)]]),
    );
    const short = (all: typeof lost) => all.map(({content, there: n, wanted}) => [content, n, wanted]);
    return {lost: short(lost), doubled: short(doubled)};
  };

  it('miss what is not there, and find what is there too often', () => {
    expect(judge(books(), ['one', 'two', 'two'])).toEqual({lost: [], doubled: []});
    expect(judge(books(), ['two'])).toEqual({
      lost: [
        ['one', 0, 1],
        ['two', 1, 2],
      ],
      doubled: [],
    });
    expect(judge(books(), ['one', 'one', 'two', 'two', 'stranger'])).toEqual({
      lost: [],
      doubled: [
        ['one', 2, 1],
        ['stranger', 1, 0],
      ],
    });
  });

  it('allow for what people took away or put there, and for nothing more', () => {
    const kept = books();
    kept.took('X/A', ['two'], true);
    kept.put('X/A', ['stranger']);
    expect(judge(kept, ['one', 'two', 'stranger'])).toEqual({lost: [], doubled: []});
    // Brought back although the ledger knew of it.
    expect(judge(kept, ['one', 'two', 'two', 'stranger']).doubled).toEqual([['two', 2, 1]]);
    expect(judge(kept, ['one', 'stranger']).lost).toEqual([['two', 0, 1]]);
    kept.forgets();
    expect(judge(kept, ['one', 'two', 'two', 'stranger'])).toEqual({lost: [], doubled: []});
    expect(judge(kept, ['one', 'two', 'stranger']).lost).toEqual([['two', 1, 2]]);
  });

  it('remember what the source once held', () => {
    const kept = books();
    kept.sourceLost('A', ['one']);
    expect(judge(kept, ['one', 'two', 'two'], ['two', 'two'])).toEqual({lost: [], doubled: []});
    kept.sourceHas('A', ['one']);
    expect(judge(kept, ['one', 'one', 'two', 'two']).doubled).toEqual([['one', 2, 1]]);
  });
});
