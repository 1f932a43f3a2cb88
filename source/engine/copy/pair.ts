// A lane's two connections.
import type {Sessions} from './settle.ts';
import type {Links} from './transfer.ts';

/**
 * One more connection to each end; undefined where a server does not grant it.
 * @param after signs in once this resolves; connects at once
 */
export async function openPair(links: Links, after?: Promise<unknown>): Promise<Sessions | undefined> {
  const [source, target] = await Promise.all([links.source.openExtra(after), links.target.openExtra(after)]);
  if (source !== undefined && target !== undefined) return {source, target};
  source?.logout();
  target?.logout();
  return undefined;
}

export function closePair(sessions: Sessions): void {
  sessions.source.logout();
  sessions.target.logout();
}
