// Runs a command line through the shell: of a cmd: reference, of --notify.
import {spawn} from 'node:child_process';
import {kill as killProcess, platform} from 'node:process';
import type {CommandResult} from './secrets.ts';

/** A password is a line; whatever prints more is not what was meant. */
const mostBytes = 64 * 1024;
/** ms in which what it has printed arrives once it has ended. What it left behind may hold its output open for ever. */
const lastWordsMs = 500;

/**
 * Runs a command line through the shell without a terminal; its standard error is dropped, since nobody can say
 * what it holds. Rejects where the shell itself cannot be started.
 *
 * @param milliseconds after which the command is killed
 * @param stop kills it at once
 * @param given.input on its standard input, where not given there is none; then its output is dropped
 * @param given.env in place of this process's environment
 */
export function runShellCommand(
  command: string,
  milliseconds: number,
  stop?: AbortSignal,
  given: {readonly input?: string; readonly env?: Readonly<Record<string, string | undefined>>} = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what the shell started ends with it.
    const ownGroup = platform !== 'win32';
    const {input, env} = given;
    const child = spawn(command, {
      shell: true,
      stdio: input === undefined ? ['ignore', 'pipe', 'ignore'] : ['pipe', 'ignore', 'ignore'],
      detached: ownGroup,
      ...(env === undefined ? {} : {env}),
    });
    // A command that does not read what it is told has done so of its own will.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let timedOut = false;
    let tooLong = false;
    const kill = () => {
      try {
        if (ownGroup && child.pid !== undefined) killProcess(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, milliseconds);
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= mostBytes) chunks.push(chunk);
      else {
        tooLong = true;
        kill();
      }
    });
    let lastWords: NodeJS.Timeout | undefined;
    child.on('exit', () => {
      lastWords = setTimeout(() => {
        for (const stream of [child.stdin, child.stdout]) stream?.destroy();
      }, lastWordsMs);
    });
    const release = () => {
      clearTimeout(timer);
      clearTimeout(lastWords);
      stop?.removeEventListener('abort', kill);
    };
    stop?.addEventListener('abort', kill, {once: true});
    if (stop?.aborted === true) kill();
    child.on('error', error => {
      release();
      reject(error);
    });
    child.on('close', status => {
      release();
      resolve({status, stdout: Buffer.concat(chunks).toString('utf8'), timedOut, tooLong});
    });
  });
}
