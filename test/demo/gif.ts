// Frames to a GIF: one palette for all, and after the first frame only the cells that changed.

import type {Cell, Frame} from './capture.ts';
import {background} from './colours.ts';
import {cellHeight, cellPixels, cellWidth} from './draw.ts';
import {applyPalette, GIFEncoder, type Palette, quantize} from './gifenc.ts';

const margin = 12;
const colours = 63;

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

  // The last colour stands for "as before".
  const unchanged = palette.length;
  const encoder = GIFEncoder();
  let shown: Frame | undefined;
  for (const frame of frames) {
    const index = new Uint8Array(width * height).fill(shown === undefined ? 0 : unchanged);
    frame.rows.forEach((row, y) => {
      row.forEach((cell, x) => {
        if (cell.width > 0 && cell.key !== shown?.rows[y]?.[x]?.key)
          stamp(index, width, stamps.get(cell.key), cell, margin + x * cellWidth, margin + y * cellHeight);
      });
    });
    encoder.writeFrame(index, width, height, {
      delay: frame.duration,
      dispose: 1,
      ...(shown === undefined
        ? {palette: [...palette, [0, 0, 0]], repeat: 0}
        : {transparent: true, transparentIndex: unchanged}),
    });
    shown = frame;
  }
  encoder.finish();
  return encoder.bytes();
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
