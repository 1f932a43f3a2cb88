// From here to the first screen some hundred milliseconds pass in which modules are loaded. A key pressed then must
// neither be shown by the terminal nor be lost: in raw mode it waits, unread, until the screens read it.
type Keyboard = Pick<NodeJS.ReadStream, 'isTTY' | 'setRawMode'>;

/** Keeps typed keys off the terminal while `work` brings the screens up and shows them; as it was afterwards. */
export async function withQuietKeys<Result>(
  keyboard: Keyboard,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!keyboard.isTTY) return work();
  keyboard.setRawMode(true);
  try {
    return await work();
  } finally {
    keyboard.setRawMode(false);
  }
}
