import {PassThrough, Writable} from 'node:stream';
import type {System} from '../../source/program/system.ts';
import {fakeSystem} from './fake-system.ts';

/** A terminal that a person sits at: its keyboard, what it shows, and whether each mode was left again. */
export function fakeTerminal() {
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    modes: [] as boolean[],
    setRawMode(on: boolean) {
      keyboard.isRaw = on;
      keyboard.modes.push(on);
      return keyboard;
    },
  });
  let shown = '';
  const screen = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      shown += chunk.toString();
      done();
    },
  });
  const system: System = {
    ...fakeSystem({}),
    stdin: keyboard as unknown as NodeJS.ReadStream,
    stderr: Object.assign(screen, {isTTY: true}) as unknown as NodeJS.WriteStream,
  };
  return {system, keyboard, shown: () => shown};
}
