// The command `template`.
import {cleanText} from '../format/clean.ts';
import {templateCsv} from '../request/csv/write.ts';
import {findType} from '../request/types.ts';
import {UsageProblem} from './system.ts';

/** A sample CSV. @throws UsageProblem for an unknown type */
export function templateText(type: string): string {
  const found = findType(type);
  if (found === undefined) throw new UsageProblem(`There is no request type ${cleanText(type, 60)}.`);
  return templateCsv(found);
}
