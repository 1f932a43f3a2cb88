// What a process holds open.
import {readdirSync} from 'node:fs';

/** Open file descriptors of this process; undefined where the system does not show them. */
export function openDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}
