import {PassThrough, Writable} from 'node:stream';
import type {System} from '../../source/program/system.ts';
import {fakeSystem} from './fake-system.ts';

/** A terminal that a person sits at: its keyboard, what it shows, and whether each mode was left again. */
export function fakeTerminal() {
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    modes: [] as boolean[],
    ref: () => keyboard,
    unref: () => keyboard,
    setRawMode(on: boolean) {
      keyboard.isRaw = on;
      keyboard.modes.push(on);
      return keyboard;
    },
  });
  let shown = '';
  const watchers = new Set<() => void>();
  const screen = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      shown += chunk.toString();
      for (const watch of [...watchers]) watch();
      done();
    },
  });
  Object.assign(screen, {isTTY: true, columns: 100, rows: 30});
  const system: System = {
    ...fakeSystem({}),
    stdin: keyboard as unknown as NodeJS.ReadStream,
    stdout: screen as unknown as NodeJS.WriteStream,
    stderr: screen as unknown as NodeJS.WriteStream,
  };
  /** Settles once that has been shown. */
  const waitFor = (text: string) => {
    const {promise, resolve} = Promise.withResolvers<void>();
    const look = () => {
      if (shown.includes(text)) resolve();
    };
    watchers.add(look);
    look();
    return promise.finally(() => watchers.delete(look));
  };
  return {system, keyboard, shown: () => shown, waitFor};
}
