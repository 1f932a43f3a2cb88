#!/usr/bin/env node
// The first file that runs. Colour and React's build are decided when they are first imported, so this settles the
// environment before anything else is loaded, and says one sentence where Node is too old to load the rest.
import {isAbsolute} from 'node:path';
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
  // Not above: Node loads all that node:fs has for whoever imports it by name (8 ms, measured).
  const {keepCompiled} = await import('./program/keep-compiled.ts');
  keepCompiled(env);
  const {main} = await import('./main.ts');
  await main();
}
