// Where the source's own Sent, Drafts, Archive and Junk go when its tree is put at the top of the destination:
// to the destination's folder for the same use, whatever language either side speaks.
import type {FolderRole} from './localised.ts';
import type {Destination, NamedFolder} from './map.ts';
import {flaggedRole, namedRole} from './role.ts';

const roles: readonly FolderRole[] = ['sent', 'drafts', 'archive', 'junk'];

/**
 * Source path (as JSON) to destination levels. One source folder for each use: the flagged one before the named.
 * @param inbox the source's INBOX, where it has one
 */
export function specialPlaces(
  folders: readonly NamedFolder[],
  destination: Destination,
  inbox: readonly string[] | undefined,
): Map<string, readonly string[]> {
  const places = new Map<string, readonly string[]>();
  if (inbox !== undefined) places.set(JSON.stringify(inbox), ['INBOX']);
  const prefix =
    destination.delimiter === '' ? [] : destination.prefix.split(destination.delimiter).filter(Boolean);
  for (const role of roles) {
    const from = folderFor(role, folders, destination.sourcePrefix ?? []);
    const to = folderFor(role, destination.existing, prefix);
    if (from !== undefined && to !== undefined) places.set(JSON.stringify(from.path), to.path);
  }
  return places;
}

function folderFor(
  role: FolderRole,
  folders: readonly NamedFolder[],
  prefix: readonly string[],
): NamedFolder | undefined {
  const sorted = folders.toSorted((a, b) => (JSON.stringify(a.path) < JSON.stringify(b.path) ? -1 : 1));
  return (
    sorted.find(folder => flaggedRole(folder) === role) ??
    sorted.find(folder => flaggedRole(folder) === undefined && namedRole(folder, [role], prefix) === role)
  );
}
