// Where secrets really come from: this machine's files and shell.
import {createReadStream} from 'node:fs';
import {commandSeconds, type SecretSources} from './secrets.ts';
import {runShellCommand} from './shell-command.ts';

/** @param env the environment's variables */
export function secretSources(env: SecretSources['env']): SecretSources {
  return {
    env,
    readFile: readSecretFile,
    runCommand: (command, signal) => runShellCommand(command, commandSeconds * 1000, signal),
  };
}

/** A password is a line; whatever holds more is not the file that was meant. */
const mostBytes = 64 * 1024;

/** The file's text. A pipe is waited for as long as a command is. Rejects with an error that has a `code`. */
async function readSecretFile(path: string, stop?: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const limit = AbortSignal.timeout(commandSeconds * 1000);
  const stream = createReadStream(path, {
    signal: stop === undefined ? limit : AbortSignal.any([limit, stop]),
  });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) throw Object.assign(new Error('Too much for a password'), {code: 'EFBIG'});
  }
  return Buffer.concat(chunks).toString('utf8');
}
