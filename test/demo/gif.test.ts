import {createCanvas, loadImage} from '@napi-rs/canvas';
import {afterEach, expect, it} from 'vitest';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';
import {capture, shot} from './capture.ts';
import {indexed} from './colours.ts';
import {cellHeight, cellWidth} from './draw.ts';
import {gif} from './gif.ts';

let terminal: Terminal | undefined;
afterEach(() => terminal?.kill());

const script = `
const draw = text => process.stdout.write('\\u001b[H' + text);
process.stdin.setRawMode(true);
draw('\\u001b[31m\\u2588\\u2588\\u001b[0m one \\u001b[7mx\\u001b[0m');
process.stdin.on('data', () => draw('\\u001b[31m\\u2588\\u2588\\u001b[0m two \\u001b[1;4mé\\u001b[0m'));
`;

/** Where the frames of a GIF with a global palette go (GIF89a, sections 20 to 26). */
function rectangles(bytes: Buffer) {
  const found: {left: number; top: number; width: number; height: number}[] = [];
  let at = 13 + 3 * 2 ** (((bytes[10] ?? 0) & 7) + 1);
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x2c) {
      const [left = 0, top = 0, width = 0, height = 0] = [1, 3, 5, 7].map(field =>
        bytes.readUInt16LE(at + field),
      );
      found.push({left, top, width, height});
      at += 11;
    } else at += 2;
    while (bytes[at] !== 0) at += 1 + (bytes[at] ?? 0);
    at += 1;
  }
  return found;
}

it('records what the screen showed into a small GIF', async () => {
  const opened = openTerminal({command: process.execPath, args: ['-e', script], columns: 20, rows: 5});
  terminal = opened;
  let clock = 0;
  const act = async () => {
    await opened.waitFor('one');
    await opened.press('x');
    await opened.waitFor('two');
  };
  const frames = await capture(opened, act(), {
    everyMs: 2,
    longestMs: 900,
    lastMs: 3_000,
    now: () => {
      clock += 5_000;
      return clock;
    },
  });
  expect(frames.length).toBeGreaterThanOrEqual(2);
  expect(frames.slice(0, -1).every(frame => frame.duration === 900)).toBe(true);
  expect(frames.at(-1)?.duration).toBe(3_000);
  const [first] = shot(opened);
  expect(
    first
      ?.slice(0, 8)
      .map(cell => cell.text || ' ')
      .join(''),
  ).toBe('██ two é');
  expect(first?.[7]).toMatchObject({bold: true, underlined: true});

  const bytes = gif(frames);
  expect(bytes.length).toBeLessThan(8_000);
  const places = rectangles(Buffer.from(bytes));
  const [whole, change] = [places[0], places.at(-1)];
  expect(whole).toEqual({left: 0, top: 0, width: 20 * cellWidth + 24, height: 5 * cellHeight + 24});
  // Only "one x" became "two é", behind the blocks.
  expect(change?.left).toBeGreaterThanOrEqual(12 + 3 * cellWidth);
  expect(change?.top).toBeGreaterThanOrEqual(12);
  expect(change?.width).toBeLessThanOrEqual(5 * cellWidth);
  expect(change?.height).toBeLessThanOrEqual(cellHeight);

  const image = await loadImage(Buffer.from(bytes));
  expect([image.width, image.height]).toEqual([20 * cellWidth + 24, 5 * cellHeight + 24]);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const pixel = (x: number, y: number) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)];
  const red = Number.parseInt(indexed(1).slice(1), 16);
  const wanted = [red >> 16, (red >> 8) & 255, red & 255];
  for (const [at, channel] of pixel(12 + cellWidth, 12 + 3).entries())
    expect(Math.abs(channel - (wanted[at] ?? 0))).toBeLessThan(12);
});
