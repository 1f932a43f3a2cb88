// Columns whose name is no field's but near to one: what was meant is offered, and nothing in them is read before.
import {type Found, hangsOnType} from '../build-request.ts';
import {checkField} from '../check-field.ts';
import {answered, effective} from '../endpoint.ts';
import type {FieldRules} from '../field-rules.ts';
import type {Answers, FieldKey} from '../fields.ts';
import {clientIdRule, signInUserRule, tenantRule} from '../microsoft-rules.ts';
import type {Refusal} from '../rules.ts';
import {answerOf, answersIn, isSecretKey, rowAnswers} from './answers.ts';
import {type Column, fieldMistyped} from './columns.ts';
import type {CsvGiven} from './problem.ts';
import {isAligned, placesOf, type Sheet} from './sheet.ts';

/** The fields that a column is offered for. */
export function offeredKeys({columns}: Pick<Sheet, 'columns'>): ReadonlySet<FieldKey> {
  return new Set(columns.flatMap(({key, state}) => (key !== undefined && state === 'unknown' ? [key] : [])));
}

/** Whether a column of an unknown name can only be meant for this field. */
export type IsTypo = (column: Column, key: FieldKey) => boolean;

const freeText: ReadonlySet<FieldKey> = new Set(['title', 'destinationFolder', 'sourceFolder']);

/** What a cell looks like in its own column, also where the way to sign in has no use for it. */
const looks: readonly (readonly [RegExp, (text: string) => Refusal])[] = [
  [/ClientId$/, clientIdRule],
  [/Tenant$/, tenantRule],
  [/SignInUser$/, signInUserRule],
  // Any word is one label of a host's or a domain's name, a password too.
  [/(?:Server|Domain)$/, text => (text.includes('.') ? undefined : 'It has no dot.')],
];

/**
 * A slip of the finger in the name of one field and no other, above cells that are all right for that field, or can be
 * mended surely. Never a password's: what is taken for one is sent to a server.
 */
export function typosIn(sheet: Sheet, rules: FieldRules, given: CsvGiven): IsTypo {
  const places = placesOf(sheet);
  return (column, key) => {
    if (isSecretKey(key) || fieldMistyped(column.name) !== key) return false;
    // A folder or a title may be called anything: a cell that is wrong there says nothing of the column.
    if (freeText.has(key)) return true;
    const index = sheet.columns.indexOf(column);
    return sheet.rows.every(row => {
      const text = isAligned(row, sheet) ? answerOf(row.cells[index] ?? '', key) : undefined;
      if (text === undefined) return true;
      if (looks.some(([keys, rule]) => keys.test(key) && rule(text) !== undefined)) return false;
      const answers = rowAnswers({...answersIn(row.cells, places), [key]: text}, given);
      const finding = checkField(key, answers, rules);
      return finding?.severity !== 'error' || finding.fix?.sure === true;
    });
  };
}

/** An error of what is not there, which may be in a column that is not read yet, or follow from what is there. */
export function waits(found: Found, answers: Answers, offered: ReadonlySet<FieldKey>): boolean {
  const {key, finding} = found;
  if (finding.severity !== 'error' || effective(answers, key) !== '') return false;
  const fromServers = answered(answers, 'type') === '';
  const isTypeOpen =
    offered.has('type') || (fromServers && (offered.has('sourceServer') || offered.has('destinationServer')));
  return offered.has(key) || (isTypeOpen && (key === 'type' || hangsOnType(found, answers)));
}
