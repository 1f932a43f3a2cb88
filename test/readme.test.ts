// The README says what the program says: its tables are held against the data they describe.
import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {exitCodes} from '../source/command-line/commands.ts';
import {helpText} from '../source/command-line/help.ts';
import {parseCommandLine} from '../source/command-line/options.ts';
import {bindingsFor, type Place} from '../source/dashboard/keys.ts';
import {placesOf} from '../source/program/places.ts';
import {templateText} from '../source/program/template-command.ts';
import {columnOrder} from '../source/request/csv/columns.ts';
import {readRequestsCsv} from '../source/request/csv/csv.ts';
import type {FieldRules} from '../source/request/field-rules.ts';
import {fieldOf} from '../source/request/fields.ts';
import {reservedFolderNames} from '../source/request/folder-rules.ts';
import {providers} from '../source/request/providers/catalogue.ts';
import {findType, requestTypes} from '../source/request/types.ts';
import type {Binding} from '../source/ui/keys.ts';
import {checkBindings} from '../source/wizard/check-keys.ts';
import {rowsBindings} from '../source/wizard/csv/keys.ts';
import {formBindings} from '../source/wizard/keys.ts';
import {usage} from './torture/options.ts';
import {parts} from './torture/parts.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** What stands below a heading, down to the next one of its level or above. */
function section(title: string): string {
  const start = readme.indexOf(`\n## ${title}\n`);
  if (start === -1) throw new Error(`The README has no section ${title}`);
  const end = readme.indexOf('\n## ', start + 1);
  return readme.slice(start, end === -1 ? undefined : end);
}

/** The rows of the tables of a section, cells trimmed, without heads. */
function tables(text: string): string[][][] {
  return text
    .split(/\n{2,}/)
    .map(block => block.split('\n').filter(line => line.startsWith('|')))
    .filter(lines => lines.length > 2)
    .map(lines =>
      lines.slice(2).map(line =>
        line
          .slice(1, -1)
          .split(' | ')
          .map(cell => cell.trim()),
      ),
    );
}

const rowsOf = (title: string, table = 0): string[][] => tables(section(title))[table] ?? [];

const keyRows = (bindings: readonly Binding[]): string[][] =>
  bindings.flatMap(({keys, help}) =>
    help === undefined ? [] : [[keys.map(key => `\`${key}\``).join(' '), help]],
  );

const moves = /^(page-up|page-down|first|last)$/;

describe('the README', () => {
  test('has the usage that --help prints', () => {
    const usage = /```text\n([\s\S]*?)```/.exec(section('Usage'))?.[1];
    expect(usage).toBe(helpText());
  });

  test('lists the request types', () => {
    expect(rowsOf('Request types')).toEqual(requestTypes.map(({code, label}) => [`\`${code}\``, label]));
    const {vaultastic, ...others} = providers;
    expect(section('Request types')).toContain(`Vaultastic's port is ${vaultastic.port}`);
    expect(new Set(Object.values(others).map(({port}) => port))).toEqual(new Set([993]));
  });

  test('lists the columns of the CSV in their order, with what is filled in', () => {
    const rows = rowsOf('The CSV');
    expect(rows.map(([label]) => label)).toEqual(columnOrder.map(key => fieldOf(key).label));
    const givenFor = (label: string) => rows.find(([name]) => name === label)?.[1];
    for (const end of ['source', 'destination'] as const) {
      expect(givenFor(fieldOf(`${end}Server`).label)).toContain(`\`${providers.o365.server}\``);
      expect(givenFor(fieldOf(`${end}Port`).label)).toContain(`\`${providers.o365.port}\``);
      expect(givenFor(fieldOf(`${end}Security`).label)).toBe('`tls`');
    }
    expect(givenFor(fieldOf('sourceAuth').label)).toMatch(/^`oauth-app` where .*, else `password`$/);
    for (const key of ['since', 'before', 'sourceFolder'] as const) {
      const {label, help, empty} = fieldOf(key);
      expect(givenFor(label)).toBe(empty);
      if (key === 'sourceFolder') continue;
      const words = help.charAt(0).toLowerCase() + help.slice(1, -1);
      expect(rows.find(([name]) => name === label)?.[2]).toBe(`\`YYYY-MM-DD\`; ${words}`);
    }
    for (const name of ['Archive', 'Drafts', 'Inbox']) expect(reservedFolderNames).toContain(name);
  });

  test('says which columns may stay empty, and where', () => {
    const rules: FieldRules = {passwordPolicy: 'off', allowPlaintext: false};
    const accepted = (cells: readonly (readonly [string, string])[]) => {
      const text = [0, 1].map(line => cells.map(cell => cell[line]).join(',')).join('\n');
      return readRequestsCsv(new TextEncoder().encode(`${text}\n`), 'users.csv', rules).ok;
    };
    for (const code of ['O365-IMAP', 'IMAP-O365', 'O365-VAULTASTIC']) {
      const [labels = [], answers = []] = templateText(code)
        .trim()
        .split('\n')
        .map(line => line.split(','));
      const given = labels.map((label, column): [string, string] => [label, answers[column] ?? '']);
      expect([code, accepted(given)]).toEqual([code, true]);
      for (const [label, says = ''] of rowsOf('The CSV')) {
        const end = label?.startsWith('Source') ? 'source' : 'destination';
        const provider = findType(code)?.[end];
        const refused =
          says === 'refused' ||
          (says.startsWith('refused for Office 365 and the presets') && provider !== 'imap') ||
          (says.startsWith('refused for Office 365;') && provider === 'o365') ||
          (says.endsWith('else refused') && provider === 'imap');
        const without = given.map(([name, cell]): [string, string] => [name, name === label ? '' : cell]);
        expect([code, label, accepted(without)]).toEqual([code, label, !refused]);
      }
    }
  });

  test('lists the exit codes', () => {
    expect(rowsOf('Output', 1)).toEqual(exitCodes.map(({code, meaning}) => [String(code), meaning]));
  });

  test('lists the keys of the questions, the check and the grid', () => {
    expect(rowsOf('The guided way')).toEqual(
      keyRows(formBindings({kind: 'typing', fix: false, first: false})),
    );
    expect(rowsOf('The guided way', 1)).toEqual(
      keyRows(checkBindings('found', {problems: 1, messages: 1}).filter(({action}) => !moves.test(action))),
    );
    const all = {
      ...{editable: true, removable: true, fix: true, sure: true, undo: true, changed: true, notable: true},
    };
    expect(rowsOf('The guided way', 2)).toEqual(
      keyRows(rowsBindings({onlyBad: false, errors: true, ...all}).filter(({action}) => !moves.test(action))),
    );
    const running = {
      ...{ended: false, single: false, paused: false, stopping: false, narrowed: false},
      detachable: true,
    };
    const at = (level: Place['level']) => bindingsFor({...running, level});
    expect(rowsOf('The grid')).toEqual(
      keyRows([...at('users'), ...at('user').filter(({action}) => action === 'back')]),
    );
  });

  test('says how long the torture takes, with which parts and options', () => {
    const torture = section('Development').split('\n### The torture\n')[1] ?? '';
    expect(torture).toContain(`takes ${parts.reduce((sum, {minutes}) => sum + minutes, 0)} minutes`);
    const names = parts.map(({name}) => name);
    const rows = rowsOf('Development', 1);
    expect(rows[0]?.[1]).toBe(`only these of ${names.map(name => `\`${name}\``).join(', ')}`);
    const known = [...usage(names).matchAll(/^ {2}(--.*?) {2,}/gm)].map(([, option]) => `\`${option}\``);
    expect(rows.map(([option]) => option)).toEqual(known);
  });

  test('names the files of a report, all of them', () => {
    const written = readFileSync(join(root, 'source/report/writer.ts'), 'utf8').matchAll(
      /replace\('([\w.]+)'/g,
    );
    expect(
      rowsOf('Where things are', 1)
        .map(([file]) => file?.replaceAll('`', ''))
        .sort(),
    ).toEqual([...new Set([...written].map(match => match[1]))].sort());
  });

  test.runIf(process.platform === 'linux')('says where state, profiles and reports are', () => {
    const home = process.env['HOME'] ?? '';
    const {state, config, reports} = placesOf({reports: 'mailferry-reports'}, '/somewhere');
    const rows = rowsOf('Where things are').map(row => row[1]?.replaceAll('`', '') ?? '');
    if (process.env['XDG_STATE_HOME'] === undefined) expect(rows[0]).toBe(state.replace(home, '~'));
    if (process.env['XDG_CONFIG_HOME'] === undefined) expect(rows[1]).toBe(config.replace(home, '~'));
    expect(reports).toBe(join('/somewhere', rows[2]?.split(' ')[0] ?? ''));
  });

  test('names every folder of source/, and no file that is not there', () => {
    const named = [...readme.matchAll(/`((?:source|test|bench|runtime|\.ci)\/[\w./-]*|[\w-]+\/)`/g)]
      .map(match => match[1] ?? '')
      .filter(path => path.includes('/') && /^(source|test|bench|runtime|\.ci)\//.test(path));
    expect(named.filter(path => !existsSync(join(root, path)))).toEqual([]);
    const folders = ['source', 'source/engine'].flatMap(folder =>
      readdirSync(join(root, folder), {withFileTypes: true}).flatMap(entry =>
        entry.isDirectory() ? [`${folder}/${entry.name}/`] : [],
      ),
    );
    expect(folders.filter(folder => !named.includes(folder))).toEqual([]);
  });

  test('lists the npm scripts', () => {
    const {scripts} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const listed = [...section('Development').matchAll(/^\| `npm (?:run )?([\w:-]+)` \|/gm)].map(
      match => match[1] ?? '',
    );
    expect(listed.toSorted()).toEqual(
      Object.keys(scripts)
        .filter(name => !/^(pre|post)/.test(name))
        .sort(),
    );
  });

  test('gives commands that the command line takes', () => {
    const typed = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(match =>
      (match[1] ?? '').split('\n'),
    );
    const inline = [...readme.matchAll(/`([^`\n]+)`/g)].map(match => match[1] ?? '');
    const commands = [...typed, ...inline].flatMap(line => {
      const words = /^(?:npm start(?: --silent)? --|mailferry) ([^#>]+)/.exec(line)?.[1];
      return words === undefined ? [] : [words.trim().split(/\s+/)];
    });
    expect(commands.length).toBeGreaterThan(6);
    for (const words of commands) expect([words, parseCommandLine(words)]).toMatchObject([words, {ok: true}]);
  });
});

describe('the documents', () => {
  const listed = spawnSync('git', ['ls-files', '-z'], {cwd: root, encoding: 'utf8'});
  const files = listed.status === 0 ? listed.stdout.split('\0').filter(Boolean) : [];
  const texts = files
    .filter(file => existsSync(join(root, file)) && !/\.(gif|png)$/.test(file))
    .map(file => ({file, text: readFileSync(join(root, file), 'utf8')}));
  const documents = texts.filter(({file}) => file.endsWith('.md'));

  test.runIf(files.length > 0)('have no dead links', () => {
    const dead = documents.flatMap(({file, text}) =>
      [...text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
        .map(match => match[1] ?? '')
        .filter(link => !/^[a-z]+:/.test(link) && !existsSync(join(root, file, '..', link)))
        .map(link => `${file}: ${link}`),
    );
    expect(dead).toEqual([]);
  });

  test.runIf(files.length > 0)('name no place on the machine they were written on', () => {
    const here = root.replace(/\/$/, '');
    expect(texts.filter(({text}) => text.includes(here)).map(({file}) => file)).toEqual([]);
    const homes = new RegExp(['/ho', 'me/\\w|/Us', 'ers/\\w|C:\\\\Us', 'ers\\\\\\w'].join(''));
    expect(documents.filter(({text}) => homes.test(text)).map(({file}) => file)).toEqual([]);
    const lock = texts.find(({file}) => file === 'package-lock.json')?.text ?? '';
    const registries = [
      ...lock.matchAll(/"resolved": "(?!https:\/\/registry\.npmjs\.org\/|runtime")([^"]*)"/g),
    ];
    expect(registries.map(match => match[1])).toEqual([]);
  });

  test('names tests that there are for each threat', () => {
    const named = rowsOf('Security').map(([, , shown = '']) =>
      [...shown.matchAll(/`([^`]+)`/g)].map(each => each[1]),
    );
    expect(named.length).toBeGreaterThan(5);
    for (const files of named) {
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter(file => !existsSync(join(root, file ?? '')))).toEqual([]);
    }
  });
});
