// The compiled code of what is loaded, kept for the next start.
import {readdirSync, rmSync} from 'node:fs';
import {enableCompileCache} from 'node:module';
import {join} from 'node:path';
import envPaths from 'env-paths';
import {makeFolder} from '../files/make-folder.ts';

/** Each build leaves its own files there, a hundred, and nobody else takes old ones away. */
const mostFiles = 1000;

/**
 * What is loaded from here on is compiled once, not at each start. It is kept in the user's own folder: in the shared
 * temporary one, Node's default, another user could have put theirs first. Without a folder to write, all goes on as
 * before; NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE count.
 */
export function keepCompiled(env: Readonly<Record<string, string | undefined>>): void {
  const {NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE} = env;
  if ((NODE_COMPILE_CACHE ?? NODE_DISABLE_COMPILE_CACHE) !== undefined) return;
  try {
    const folder = join(envPaths('mailferry', {suffix: ''}).cache, 'compiled');
    // Node would make it for everybody to look into.
    makeFolder(folder);
    if (readdirSync(folder, {recursive: true}).length > mostFiles) {
      rmSync(folder, {recursive: true, force: true});
      makeFolder(folder);
    }
    enableCompileCache(folder);
  } catch {
    // Nothing can be kept there.
  }
}
