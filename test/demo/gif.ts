// Frames to a GIF: one palette for all, and after the first frame only the cells that changed.

import type {Cell, Frame} from './capture.ts';
import {background} from './colours.ts';
import {cellHeight, cellPixels, cellWidth} from './draw.ts';
import {applyPalette, GIFEncoder, type Palette, quantize} from './gifenc.ts';

const margin = 12;
/** 64 colours, the last for what does not change. */
const colorDepth = 6;
const colours = 2 ** colorDepth - 1;

/** The bytes of the GIF. It plays for ever. */
export function gif(frames: readonly Frame[]): Uint8Array {
  const first = frames[0];
  if (first === undefined) throw new Error('Nothing was captured');
  const width = (first.rows[0]?.length ?? 0) * cellWidth + 2 * margin;
  const height = first.rows.length * cellHeight + 2 * margin;

  const looks = new Map<string, Uint8ClampedArray>();
  for (const {rows} of frames)
    for (const cell of rows.flat())
      if (cell.width > 0 && !looks.has(cell.key)) looks.set(cell.key, cellPixels(cell));
  const palette = paletteOf(looks.values());
  const stamps = new Map([...looks].map(([key, rgba]) => [key, applyPalette(rgba, palette)]));

  const encoder = GIFEncoder();
  const corners: {readonly at: number; readonly left: number; readonly top: number}[] = [];
  let before: Uint8Array | undefined;
  for (const {rows, duration} of frames) {
    const picture = new Uint8Array(width * height);
    rows.forEach((row, y) => {
      row.forEach((cell, x) => {
        if (cell.width > 0)
          stamp(picture, width, stamps.get(cell.key), cell, margin + x * cellWidth, margin + y * cellHeight);
      });
    });
    const options = {delay: duration, dispose: 1, colorDepth};
    if (before === undefined) {
      encoder.writeFrame(picture, width, height, {...options, palette: [...palette, [0, 0, 0]], repeat: 0});
    } else {
      const change = changeOf(picture, before, width, palette.length);
      corners.push({at: encoder.bytesView().length, left: change.left, top: change.top});
      encoder.writeFrame(change.pixels, change.width, change.height, {
        ...options,
        transparent: true,
        transparentIndex: palette.length,
      });
    }
    before = picture;
  }
  encoder.finish();
  return placed(encoder.bytes(), corners);
}

/** The smallest rectangle that holds all that changed; in it `unchanged` stands for what did not. */
function changeOf(picture: Uint8Array, before: Uint8Array, lineWidth: number, unchanged: number) {
  let [left, right, top, bottom] = [lineWidth, 0, picture.length / lineWidth, 0];
  picture.forEach((colour, at) => {
    if (colour === before[at]) return;
    const x = at % lineWidth;
    const y = (at - x) / lineWidth;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  });
  if (right === 0) [left, right, top, bottom] = [0, 1, 0, 1];
  const [width, height] = [right - left, bottom - top];
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at += 1) {
    const from = (top + Math.floor(at / width)) * lineWidth + left + (at % width);
    pixels[at] = picture[from] === before[from] ? unchanged : (picture[from] ?? 0);
  }
  return {left, top, width, height, pixels};
}

/** gifenc puts every frame at the top left; the image descriptor behind the 8 bytes of control says where it goes. */
function placed(
  bytes: Uint8Array,
  corners: readonly {readonly at: number; readonly left: number; readonly top: number}[],
): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const {at, left, top} of corners) {
    if (view.getUint8(at + 8) !== 0x2c) throw new Error('gifenc writes frames in another form than expected');
    view.setUint16(at + 9, left, true);
    view.setUint16(at + 11, top, true);
  }
  return bytes;
}

/** The background first, then the colours that all the cells together need. */
function paletteOf(looks: Iterable<Uint8ClampedArray>): Palette {
  const pixels = Buffer.concat(
    [...looks].map(rgba => Buffer.from(rgba.buffer, rgba.byteOffset, rgba.byteLength)),
  );
  const rgb = Number.parseInt(background.slice(1), 16);
  return [[rgb >> 16, (rgb >> 8) & 255, rgb & 255], ...quantize(new Uint8Array(pixels), colours - 1)];
}

function stamp(
  index: Uint8Array,
  lineWidth: number,
  look: Uint8Array | undefined,
  cell: Cell,
  left: number,
  top: number,
): void {
  const width = cellWidth * cell.width;
  for (let line = 0; line < cellHeight; line += 1)
    index.set(look?.subarray(line * width, (line + 1) * width) ?? [], (top + line) * lineWidth + left);
}
