// Where secrets really come from: this machine's files and shell.
import {constants} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {setTimeout} from 'node:timers/promises';
import {openKeychain, passwordService} from './keychain.ts';
import {commandSeconds, type SecretSources} from './secrets.ts';
import {runShellCommand} from './shell-command.ts';

/** @param env the environment's variables */
export function secretSources(env: SecretSources['env']): SecretSources {
  return {
    env,
    readFile: readSecretFile,
    readKeychain: name => openKeychain(passwordService).get(name),
    runCommand: (command, signal) => runShellCommand(command, commandSeconds * 1000, signal),
  };
}

/** A password is a line; whatever holds more is not the file that was meant. */
const mostBytes = 64 * 1024;

const pollMs = 50;

/**
 * The file's text. A pipe is waited for as long as a command is. Rejects with an error that has a `code`.
 *
 * Without O_NONBLOCK, opening a pipe that nobody writes into blocks a thread that nothing can call back: the process
 * could not even end.
 */
async function readSecretFile(path: string, stop?: AbortSignal): Promise<string> {
  const limit = AbortSignal.timeout(commandSeconds * 1000);
  const signal = stop === undefined ? limit : AbortSignal.any([limit, stop]);
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const isPipe = (await file.stat()).isFIFO();
    const chunks: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      const chunk = await readOrWait(file);
      // The end of a pipe comes when its writer has been there.
      if (chunk?.length === 0 && (!isPipe || bytes > 0)) return Buffer.concat(chunks).toString('utf8');
      if (chunk === undefined || chunk.length === 0)
        await setTimeout(pollMs, undefined, {signal}).catch(() => undefined);
      else chunks.push(chunk);
      bytes += chunk?.length ?? 0;
      if (bytes > mostBytes) throw coded('EFBIG', 'Too much for a password');
      if (signal.aborted) throw coded('ETIMEDOUT', 'Nobody writes into the pipe');
    }
  } finally {
    await file.close();
  }
}

/** What is there now; undefined where the writer of a pipe has not written yet. */
async function readOrWait(file: FileHandle): Promise<Buffer | undefined> {
  try {
    const {bytesRead, buffer} = await file.read(Buffer.allocUnsafe(4096), 0, 4096, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), {code});
}
