// --set "Source Server=imap.example.com": one answer for every row of a CSV that leaves it empty.
import {fieldNamed, fieldNear} from './csv/columns.ts';
import {type Answers, type FieldKey, fieldOf} from './fields.ts';
import {isSecretReference, secretPlaces} from './secret-text.ts';

export type SetAnswers =
  | {readonly ok: true; readonly answers: Answers}
  | {readonly ok: false; readonly problem: string};

/** @param texts each FIELD=VALUE, the field by the name of its column; a later one takes the place of an earlier */
export function setAnswers(texts: readonly string[]): SetAnswers {
  const answers: Partial<Record<FieldKey, string>> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    const name = at === -1 ? text : text.slice(0, at);
    const key = fieldNamed(name);
    if (at === -1 && key !== undefined)
      return {ok: false, problem: `--set needs a value: --set "${fieldOf(key).label}=VALUE".`};
    if (key === undefined) {
      const near = fieldNear(name);
      const hint = near === undefined ? '' : ` Did you mean "${fieldOf(near).label}"?`;
      return {ok: false, problem: `--set takes NAME=VALUE with the name of a CSV column.${hint}`};
    }
    const value = text.slice(at + 1).trim();
    if (fieldOf(key).kind === 'secret' && !isSecretReference(value))
      return {
        ok: false,
        problem: `--set "${fieldOf(key).label}=VALUE" takes ${secretPlaces}: other users can see a command line.`,
      };
    if (value !== '') answers[key] = value;
  }
  return {ok: true, answers};
}
