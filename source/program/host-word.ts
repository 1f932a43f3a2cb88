/** In place of a command, where a run is started in a process of its own; nobody types it. */
export const hostWord = '__host';
