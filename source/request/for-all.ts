// What counts for every request of a run, whatever its row or profile says: options of the command line or of a
// profile. Pure.
import type {Answers} from './fields.ts';
import type {Request} from './schema.ts';

export type ForAll = {
  /** Take the place of the request's own: the period, what may be repaired. */
  readonly answers: Answers;
  /** Where the request says nothing itself. */
  readonly fill?: Answers;
  /** Folder paths, on top of the request's own. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly withJunk: boolean;
};

/** The request with the folders that are taken in or left out for all. Its answers are overridden where it is built. */
export function withFolders(request: Request, forAll: Omit<ForAll, 'answers'>): Request {
  return {
    ...request,
    include: [...new Set([...request.include, ...forAll.include])],
    exclude: [...new Set([...request.exclude, ...forAll.exclude])],
    withJunk: request.withJunk || forAll.withJunk,
  };
}
