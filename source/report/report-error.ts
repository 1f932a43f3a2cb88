const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EACCES: 'mailferry may not write there',
  EPERM: 'mailferry may not write there',
  EBUSY: 'another program, such as Excel, has it open',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENOENT: 'the folder above it is gone, or takes none',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'a folder of that name is in the way',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  EFBIG: 'the file system takes no file of that size',
};

const room = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The report cannot be written. `message` names the path and the reason in one sentence for a person. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly path: string;
  /** The system's code, such as ENOSPC. */
  readonly code: string;
  readonly nextStep: string;
  /** All files of the report are there, but messages.csv has not every row. */
  readonly incomplete: boolean;

  constructor(path: string, cause: unknown, incomplete = false) {
    const code = codeOf(cause);
    const what = incomplete ? `Rows are missing in ${path}` : `The report cannot be written to ${path}`;
    super(`${what}: ${diskReason(cause)}.`, {cause});
    this.path = path;
    this.incomplete = incomplete;
    this.code = code;
    this.nextStep =
      code === 'EBUSY'
        ? 'Close it there and do this again, or choose another folder with --reports.'
        : room.has(code)
          ? 'Make room there, or choose another folder with --reports.'
          : 'Check the rights on this folder, or choose another with --reports.';
  }
}

/** Why the disk does not take a file, from the error it gave: part of a sentence. */
export function diskReason(cause: unknown): string {
  const code = codeOf(cause);
  return reasons[code] ?? (code === '' ? 'the file system refuses' : `the file system says ${code}`);
}

function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return '';
  return typeof cause.code === 'string' ? cause.code : '';
}
