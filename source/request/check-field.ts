// What a person is told about one field while typing. The rules themselves are in rules.ts and its neighbours.
import {endChecks} from './check-endpoint.ts';
import {copiedRule, isCopyOnly, unseenCodes, withoutCopied} from './copied.ts';
import {answered, effective, providerAt, typeOf} from './endpoint.ts';
import type {FieldRules} from './field-rules.ts';
import {type Answers, type EndPart, type FieldKey, fieldOf, keyOf, repairChoices} from './fields.ts';
import type {Finding} from './finding.ts';
import {advise, refuse} from './finding.ts';
import {folderDoubt, withoutCharacters} from './folder-characters.ts';
import {destinationFolderRule, sourceFolderRule} from './folder-rules.ts';
import {nearest} from './nearest.ts';
import {providerOfServer, providers} from './providers/catalogue.ts';
import {dayRule, periodRule, titleRule} from './rules.ts';
import {requestTypes} from './types.ts';

function checkType(answers: Answers): Finding | undefined {
  const given = answered(answers, 'type');
  const type = typeOf(answers);
  if (type === undefined && given === '') {
    const unsaid = answered(answers, 'sourceServer') === '' && answered(answers, 'destinationServer') === '';
    if (unsaid) return refuse('The request type is missing. Choose what stands at each end.');
    return refuse(
      'Neither end is Office 365. Choose a request type that has Office 365 as source or destination.',
    );
  }
  if (type === undefined) {
    const near = nearest(
      given.toUpperCase(),
      requestTypes.map(each => each.code),
    );
    const fix = near === undefined ? undefined : {label: `use ${near}`, answers: {type: near}};
    return refuse(
      `There is no such request type. There are ${requestTypes.map(each => each.code).join(', ')}.`,
      fix,
    );
  }
  if (given === '') return undefined;
  for (const end of ['source', 'destination'] as const) {
    const server = providerOfServer(answered(answers, keyOf(end, 'Server')));
    if (server?.id === 'o365' && type[end] !== 'o365') {
      return advise(
        `The ${end} server is Office 365's, but ${type.code} says that the ${end} is ${providers[type[end]].name}. Check the type.`,
      );
    }
  }
  return undefined;
}

function checkFolder(answers: Answers): Finding | undefined {
  const text = answered(answers, 'destinationFolder');
  const {id, reservedFolders} = providerAt(answers, 'destination');
  const rule = (path: string) => destinationFolderRule(path, id === 'o365', reservedFolders);
  const sentence = rule(text);
  if (sentence === undefined) return doubtFolder('destinationFolder', text);
  if (text === '') return refuse(sentence);
  const tidy = withoutCharacters(text)
    .split('/')
    .map(level => level.trim())
    .filter(level => level !== '')
    .join('/');
  const better = tidy === '' ? undefined : [tidy, `Migrated/${tidy}`].find(path => rule(path) === undefined);
  const fixable = better !== undefined && better !== text;
  return refuse(
    sentence,
    fixable
      ? {label: `use ${better}`, sure: better === tidy, answers: {destinationFolder: better}}
      : undefined,
  );
}

/** A folder may be called so, and may be there already by that name. */
function doubtFolder(key: 'destinationFolder' | 'sourceFolder', text: string): Finding | undefined {
  const doubt = folderDoubt(text);
  if (doubt === undefined) return undefined;
  const label = `use ${[doubt.without, ...withoutCodes(text)].join(' ')}`;
  return advise(
    `Check the folder's name. ${doubt.words}`,
    doubt.without.trim() === '' ? undefined : {label, answers: {[key]: doubt.without}},
  );
}

const withoutCodes = (text: string): readonly string[] => {
  const codes = unseenCodes(text);
  return codes.length === 0 ? [] : [`without ${codes.join(', ')}`];
};

/**
 * Year first is read the same everywhere. With the year last, as spreadsheets write it, one of the numbers must be too
 * large for a month, or both the same: else nobody knows which of them is the day.
 */
function dayMeant(text: string): string | undefined {
  const [, year, ...rest] = /^(\d{4})[-/.] ?(\d{1,2})[-/.] ?(\d{1,2})\.?$/.exec(text) ?? [];
  const [, one = '', other = '', last] = /^(\d{1,2})[-/.] ?(\d{1,2})[-/.] ?(\d{4})$/.exec(text) ?? [];
  const orders = [
    [one, other],
    [other, one],
  ].filter(([month]) => Number(month) <= 12);
  const isPlain = orders.length === 1 || Number(one) === Number(other);
  const parts = last !== undefined && isPlain ? [last, ...(orders[0] ?? [])] : [year ?? '', ...rest];
  const day = parts.map(part => part.padStart(2, '0')).join('-');
  // In other calendars the same year is another one (2562 is 2019 in Thailand).
  const known = Number(day.slice(0, 4)) < 2100;
  return known && day !== text && dayRule(day) === undefined ? day : undefined;
}

function checkDay(answers: Answers, key: 'since' | 'before'): Finding | undefined {
  const text = answered(answers, key);
  if (text === '') return undefined;
  const refusal = dayRule(text);
  if (refusal !== undefined) {
    const day = dayMeant(text);
    return refuse(
      refusal,
      day === undefined ? undefined : {label: `use ${day}`, sure: true, answers: {[key]: day}},
    );
  }
  const since = answered(answers, 'since');
  const before = answered(answers, 'before');
  if (dayRule(since) !== undefined || dayRule(before) !== undefined) return undefined;
  return refuse(periodRule(since, before));
}

function checkRepair(answers: Answers): Finding | undefined {
  const text = effective(answers, 'repair').toLowerCase();
  const known = repairChoices.some(({value}) => value === text);
  return refuse(known ? undefined : `Repair is one of ${repairChoices.map(({value}) => value).join(', ')}.`);
}

function checkSourceFolder(text: string): Finding | undefined {
  return refuse(sourceFolderRule(text)) ?? doubtFolder('sourceFolder', text);
}

/** These may hold what nobody can see: it is said of them in their own ways. */
const freeText: ReadonlySet<FieldKey> = new Set([
  'title',
  'sourceSecret',
  'destinationSecret',
  'destinationFolder',
  'sourceFolder',
]);

/** What came along with a copy is taken away first; what is then wrong is mended with it. */
function checkCopied(key: FieldKey, answers: Answers, rules: FieldRules): Finding | undefined {
  if (freeText.has(key)) return undefined;
  const text = answered(answers, key);
  const isDay = key === 'since' || key === 'before';
  const sentence = copiedRule(text, isDay ? 'The day' : `The ${fieldOf(key).short.toLowerCase()}`);
  if (sentence === undefined) return undefined;
  const plain = withoutCopied(text);
  const sure = isCopyOnly(text);
  const next = plain === '' ? refuse(sentence) : checkMeant(key, {...answers, [key]: plain}, rules);
  if (next?.severity !== 'error') {
    const label = `use ${[plain, ...withoutCodes(text)].join(' ')}`;
    return refuse(sentence, {label, sure, answers: {[key]: plain}});
  }
  const {fix} = next;
  if (fix === undefined) return refuse(sentence);
  return refuse(sentence, {...fix, sure: sure && fix.sure === true, answers: {[key]: plain, ...fix.answers}});
}

/**
 * What to say about a field as it stands, the default counted where nothing is given. Cheap enough for every key
 * press. A needed field that is empty is an error too: a screen may keep that to itself until the person goes on.
 */
export function checkField(key: FieldKey, answers: Answers, rules: FieldRules): Finding | undefined {
  return checkCopied(key, answers, rules) ?? checkMeant(key, answers, rules);
}

function checkMeant(key: FieldKey, answers: Answers, rules: FieldRules): Finding | undefined {
  switch (key) {
    case 'type':
      return checkType(answers);
    case 'title':
      return refuse(titleRule(answered(answers, 'title')));
    case 'destinationFolder':
      return checkFolder(answers);
    case 'since':
    case 'before':
      return checkDay(answers, key);
    case 'repair':
      return checkRepair(answers);
    case 'sourceFolder':
      return checkSourceFolder(answered(answers, 'sourceFolder'));
    default: {
      const end = key.startsWith('source') ? 'source' : 'destination';
      const part = key.slice(end.length) as EndPart;
      return endChecks[part](answers, end, rules);
    }
  }
}
