import {describe, expect, test} from 'vitest';
import {commands} from '../../source/command-line/commands.ts';
import {allOptions, isTakenBy} from '../../source/command-line/option-table.ts';
import {complete, optionValue} from '../../source/completion/complete.ts';
import {answerFor, wordsFrom} from '../../source/completion/shells.ts';
import {requestTypes} from '../../source/request/types.ts';

const known = {profiles: () => ['monthly', 'my profile'], runs: () => ['2018-01-17-0930-users']};

/** What is offered for a line; the cursor is at its end. */
function offered(line: string): readonly string[] {
  const words = line.split(' ');
  const {candidates, paths} = complete(words.slice(0, -1), words.at(-1) ?? '', known);
  return [...candidates.map(({value}) => value), ...(paths === undefined ? [] : [`<${paths}>`])];
}

const names = (of: readonly {readonly name: string}[]) => of.map(({name}) => name);

describe('offered', () => {
  test('first: every command', () => {
    expect(offered('')).toEqual(names(commands).filter(name => name !== 'guided'));
    expect(offered('--yes ru')).toEqual(['run', 'runs']);
    expect(offered('help comp')).toEqual(['completion']);
    expect(offered('users.csv ')).toEqual([]);
  });

  test.each([
    ['run ', ['monthly', 'my profile', '<csv>']],
    ['run mon', ['monthly', '<csv>']],
    ['check --no-input ', ['monthly', 'my profile', '<csv>']],
    ['run a.csv ', []],
    ['template ', requestTypes.map(({code}) => code)],
    ['report ', ['2018-01-17-0930-users']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['profiles re', ['rename', 'remove']],
    ['profiles show m', ['monthly', 'my profile']],
    ['profiles rename monthly ', []],
    ['profiles import ', ['<file>']],
    ['profiles save new ', ['<csv>']],
    ['profiles nonsense ', []],
    ['secrets ', ['list', 'set', 'remove']],
    ['runs ', []],
  ])('for %j: %j', (line, all) => expect(offered(line)).toEqual(all));

  test.each(names(commands).filter(name => name !== 'guided'))('to %s: the options it takes', name => {
    const command = commands.find(each => each.name === name);
    if (command === undefined) throw new Error(name);
    expect(offered(`${name} --`)).toEqual(
      allOptions.filter(option => isTakenBy(command.name, option)).map(option => `--${option.name}`),
    );
  });

  test('an option once, unless it may be repeated', () => {
    expect(offered('run a.csv --yes --y')).toEqual([]);
    expect(offered('run a.csv --exclude x --excl')).toEqual(['--exclude']);
    expect(offered('profiles list --mailb')).toEqual([]);
    expect(offered('profiles save x a.csv --mailb')).toEqual(['--mailboxes']);
    expect(offered('profiles run monthly --dry')).toEqual(['--dry-run']);
  });

  test.each([
    ['run --output ', ['auto', 'tui', 'plain', 'jsonl', 'quiet']],
    ['run --output=p', ['--output=plain']],
    ['runs --output ', ['auto', 'plain', 'jsonl']],
    ['stop --output=', ['--output=auto', '--output=plain', '--output=quiet']],
    ['run --password-policy s', ['strict']],
    ['run --ca ', ['<file>']],
    ['run --state=/var/', ['<folder>']],
    ['run --mailboxes ', []],
    ['run --since ', []],
    ['run --nonsense=', []],
    ['run --yes=', []],
    // What looks like an option is a value here, and a file there.
    ['run --exclude --yes --y', ['--yes']],
    ['run -- --odd', ['<csv>']],
  ])('for the value in %j: %j', (line, all) => expect(offered(line)).toEqual(all));
});

test('--state counts for the names that are offered', () => {
  expect(optionValue('state', ['run', '--state', 'a', '--state=b=c'])).toBe('b=c');
  expect(optionValue('state', ['--state'])).toBeUndefined();
  expect(optionValue('state', ['run'])).toBeUndefined();
});

describe('each shell is answered in its own form', () => {
  const some = {candidates: [{value: 'my pro:file', help: 'profile'}, {value: '--output=plain'}]} as const;
  test('bash', () => {
    expect(answerFor('bash', some, '')).toBe('none\nmy\\ pro:file\n--output=plain\n');
    expect(answerFor('bash', {...some, paths: 'csv'}, '')).toBe('csv\nmy pro:file\n--output=plain\n');
    expect(answerFor('bash', {candidates: [{value: '--output=plain'}]}, '--output=p')).toBe('none\nplain\n');
  });
  test('zsh and fish, with what each is', () => {
    expect(answerFor('zsh', some, '')).toBe('none\nmy pro\\:file:profile\n--output=plain\n');
    expect(answerFor('fish', some, '')).toBe('none\nmy pro:file\tprofile\n--output=plain\n');
  });
  test.each([
    [
      ['run', '--output', '=', 'pl'],
      ['run', '--output=pl'],
    ],
    [
      ['run', '--output', '='],
      ['run', '--output='],
    ],
    [
      ['run', '--output', '=', 'plain', ''],
      ['run', '--output=plain', ''],
    ],
    [
      ['profiles', 'show', 'my\\ pr'],
      ['profiles', 'show', 'my pr'],
    ],
    [
      ['profiles', 'show', '"my pr'],
      ['profiles', 'show', 'my pr'],
    ],
    [
      ['run', '='],
      ['run', '='],
    ],
  ])('bash parts words at =: %j', (typed, words) => expect(wordsFrom('bash', typed)).toEqual(words));
});
