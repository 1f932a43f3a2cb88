// Opens a page in the person's browser, where there is a desktop to open it on.
import {spawn} from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** The program that opens a page, with its arguments; undefined where there is no desktop, or it is far away. */
export function openerOf(platform: string, env: Environment): readonly [string, ...string[]] | undefined {
  const set = (name: string) => (env[name] ?? '') !== '';
  // Over SSH the browser would open where nobody sits.
  if (set('SSH_CONNECTION') || set('SSH_TTY')) return undefined;
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return set('DISPLAY') || set('WAYLAND_DISPLAY') ? ['xdg-open'] : undefined;
}

/** True where a browser was asked to; the page may still not come up, so the address is always shown as well. */
export function openPage(address: string, platform: string, env: Environment): boolean {
  const opener = openerOf(platform, env);
  if (opener === undefined || !/^https:\/\//.test(address)) return false;
  const [program, ...args] = opener;
  const child = spawn(program, [...args, address], {stdio: 'ignore', detached: true});
  child.on('error', () => undefined);
  child.unref();
  return true;
}
