// A lane's two connections.
import type {Sessions} from './settle.ts';
import type {Links} from './transfer.ts';

/** One more connection to each end; undefined where a server does not grant it. */
export async function openPair(links: Links): Promise<Sessions | undefined> {
  const [source, target] = await Promise.all([links.source.openExtra(), links.target.openExtra()]);
  if (source !== undefined && target !== undefined) return {source, target};
  source?.logout();
  target?.logout();
  return undefined;
}

export function closePair(sessions: Sessions): void {
  sessions.source.logout();
  sessions.target.logout();
}
