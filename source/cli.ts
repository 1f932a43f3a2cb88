#!/usr/bin/env node
// The first file that runs. Colour and React's build are decided when they are first imported, so this settles the
// environment before anything else is loaded, and says one sentence where Node is too old to load the rest.
import {readdirSync, rmSync} from 'node:fs';
import {isAbsolute, join} from 'node:path';
import {stopAtOnce} from './early-stop.ts';

const oldest = 24;

const {env, versions, stderr} = process;
if (Number(versions.node.split('.')[0]) < oldest) {
  stderr.write(
    `mailferry needs Node ${oldest} or newer and this is Node ${versions.node}: install a newer one, or start it with "npm start" in a checkout.\n`,
  );
  process.exitCode = 1;
} else {
  // Loading takes its time: whoever is asked to stop meanwhile ends as one that was stopped.
  stopAtOnce();
  // Each working directory would have ledgers and profiles of its own. A relative one counts for nothing (XDG Base
  // Directory Specification), and an empty HOME neither: the system knows where its user is at home.
  for (const name of ['HOME', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME'])
    if (!isAbsolute(env[name] ?? '/')) delete env[name];
  // Chalk knows FORCE_COLOR but not NO_COLOR (https://no-color.org).
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') env['FORCE_COLOR'] = '0';
  if (process.argv.includes('--no-color')) env['FORCE_COLOR'] = '0';
  // A diagnostic report would hold the environment, and with it the passwords that env:NAME names.
  process.report.excludeEnv = true;
  // React's development build costs twice the time and keeps records of every frame.
  env['NODE_ENV'] ??= 'production';
  await keepCompiled();
  const {main} = await import('./main.ts');
  await main();
}

/**
 * What is loaded is compiled once, not at each start. The compiled code is kept in the user's own folder: in the shared
 * temporary one, Node's default, another user could have put theirs first. Without a folder to write, all goes on as
 * before; NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE count.
 */
async function keepCompiled(): Promise<void> {
  try {
    const {enableCompileCache} = await import('node:module');
    const {default: envPaths} = await import('env-paths');
    const folder = join(envPaths('mailferry', {suffix: ''}).cache, 'compiled');
    const {NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE} = env;
    if ((NODE_COMPILE_CACHE ?? NODE_DISABLE_COMPILE_CACHE) !== undefined) return;
    // Node would make it for everybody to look into.
    const {makeFolder} = await import('./files/make-folder.ts');
    makeFolder(folder);
    // Each build leaves its own there, a hundred files, and nobody else takes old ones away.
    if (readdirSync(folder, {recursive: true}).length > 1000) {
      rmSync(folder, {recursive: true, force: true});
      makeFolder(folder);
    }
    enableCompileCache(folder);
  } catch {
    // There is no home folder.
  }
}
