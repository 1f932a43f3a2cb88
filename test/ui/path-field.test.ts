import {describe, expect, it} from 'vitest';
import {absolutePath, candidates, completed, splitPath} from '../../source/ui/path-field-state.ts';

const base = {home: '/home/john', workingDirectory: '/desk'};
const entry = (name: string) => ({name: name.replace(/\/$/, ''), isDirectory: name.endsWith('/')});
const entries = [
  'users.csv',
  'users-old.csv',
  'Mail/',
  '.secret.csv',
  'notes.md',
  'über.csv',
  'x\u001B[31m.csv',
].map(entry);
const isCsv = (name: string) => name.endsWith('.csv');
const names = (start: string) => candidates(entries, start, isCsv).map(({name}) => name);

describe('absolutePath', () => {
  it('expands ~ and starts relative paths in the working directory', () => {
    expect(absolutePath('~', base)).toBe('/home/john');
    expect(absolutePath('~/a.csv', base)).toBe('/home/john/a.csv');
    expect(absolutePath('a.csv', base)).toBe('/desk/a.csv');
    expect(absolutePath('/a.csv', base)).toBe('/a.csv');
    expect(absolutePath('', base)).toBe('/desk');
    expect(absolutePath('~other/a.csv', base)).toBe('/desk/~other/a.csv');
  });
});

describe('candidates', () => {
  it('are directories first, then the wanted files; hidden ones only when asked', () => {
    expect(names('')).toEqual(['Mail', 'über.csv', 'users-old.csv', 'users.csv']);
    expect(names('.')).toEqual(['.secret.csv']);
    expect(names('us')).toEqual(['users-old.csv', 'users.csv']);
    expect(names('m')).toEqual(['Mail']);
    expect(names('zzz')).toEqual([]);
  });
});

describe('completed', () => {
  const complete = (text: string) => completed(text, candidates(entries, splitPath(text).start, isCsv));

  it('goes as far as it is clear', () => {
    expect(complete('u')).toBe('users');
    expect(complete('~/users.')).toBe('~/users.csv');
    expect(complete('m')).toBe('Mail/');
    expect(complete('zzz')).toBe('zzz');
    expect(complete('')).toBe('');
  });

  it('completes ~ to the home directory', () => {
    expect(completed('~', [entry('x.csv')])).toBe('~/x.csv');
  });
});
