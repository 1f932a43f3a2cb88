// A command as its sender sees it.
import type {LiteralSink, WireResponse} from './framing.ts';

export type CommandHandlers = {
  /** Untagged responses that are an answer to this command, at most: more are no end. */
  readonly most?: number;
  /** An untagged response; true where it is an answer to this command, so that no other is asked. */
  readonly untagged?: (response: WireResponse) => boolean;
  /**
   * A literal of `size` bytes begins; the sink of the command that it belongs to takes it instead of memory.
   * `before`: the response so far; `alone`: no other command is under way.
   */
  readonly literal?: (size: number, before: string, alone: boolean) => LiteralSink | undefined;
};

export type OpenCommand = {
  /** Text after "OK ". */
  readonly done: Promise<string>;
  /** What it begins with on the wire: its tag and its text. */
  readonly start: string;
  /** The tagged answer is there. */
  answered(): boolean;
  /** False: call `drained` before the next piece. */
  write(piece: string | Buffer): boolean;
  writeTogether(pieces: readonly (string | Buffer)[]): boolean;
  drained(): Promise<void>;
  /** Resolves when the server asks for the literal ("+"); rejects where it answers NO or BAD instead. */
  goAhead(): Promise<void>;
};

/** One that was sent, and is not answered yet. */
export type Pending = CommandHandlers & {
  readonly tag: string;
  readonly command: string;
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
  goAhead?: {resolve: () => void; reject: (error: Error) => void};
  settled: boolean;
  taken: number;
  /** Sent before another was answered. */
  crowded: boolean;
};

/** A tagged answer without its tag: what says none of the three is as good as BAD. */
export function readTagged(rest: string): {readonly status: 'OK' | 'NO' | 'BAD'; readonly text: string} {
  const [, status = '', text = ''] = /^(OK|NO|BAD)\b ?(.*)$/is.exec(rest) ?? [];
  const word = status.toUpperCase();
  return {status: word === 'OK' || word === 'NO' ? word : 'BAD', text};
}
