// Where secrets really come from: this machine's files and shell.
import {readFile} from 'node:fs/promises';
import {commandSeconds, type SecretSources} from './secrets.ts';
import {runShellCommand} from './shell-command.ts';

/** @param env the environment's variables */
export function secretSources(env: SecretSources['env']): SecretSources {
  return {
    env,
    readFile: path => readFile(path, 'utf8'),
    runCommand: command => runShellCommand(command, commandSeconds * 1000),
  };
}
