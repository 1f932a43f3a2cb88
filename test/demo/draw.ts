// Draws one cell of a terminal. Blocks are drawn as rectangles, so that bars have no seams.
import {createRequire} from 'node:module';
import {createCanvas, GlobalFonts, type SKRSContext2D} from '@napi-rs/canvas';
import type {Cell} from './capture.ts';

export const cellWidth = 9;
export const cellHeight = 19;
const fontSize = 15;
const baseline = 14;

const {resolve} = createRequire(import.meta.url);
for (const style of ['', '-Bold', '-Oblique', '-BoldOblique'])
  GlobalFonts.registerFromPath(resolve(`dejavu-fonts-ttf/ttf/DejaVuSansMono${style}.ttf`), 'Terminal');

// The spinner's Braille is not in the monospaced face.
GlobalFonts.registerFromPath(resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'), 'Symbols');

/** A block element (U+2580 to U+2595) as [left, top, width, height] in parts of the cell, and how opaque. */
function block(
  text: string,
): {readonly box: readonly [number, number, number, number]; readonly alpha: number} | undefined {
  const code = text.codePointAt(0) ?? 0;
  if (code === 0x2580) return {box: [0, 0, 1, 0.5], alpha: 1};
  if (code >= 0x2581 && code <= 0x2588) {
    const eighths = (code - 0x2580) / 8;
    return {box: [0, 1 - eighths, 1, eighths], alpha: 1};
  }
  if (code >= 0x2589 && code <= 0x258f) return {box: [0, 0, (0x2590 - code) / 8, 1], alpha: 1};
  if (code === 0x2590) return {box: [0.5, 0, 0.5, 1], alpha: 1};
  if (code >= 0x2591 && code <= 0x2593) return {box: [0, 0, 1, 1], alpha: (code - 0x2590) / 4};
  return undefined;
}

function drawCell(context: SKRSContext2D, cell: Cell, x: number): void {
  const width = cellWidth * Math.max(1, cell.width);
  context.fillStyle = cell.paper;
  context.fillRect(x, 0, width, cellHeight);
  context.fillStyle = cell.ink;
  const shape = block(cell.text);
  if (shape !== undefined) {
    const [left, top, wide, high] = shape.box;
    context.globalAlpha = shape.alpha;
    const from = Math.round(top * cellHeight);
    context.fillRect(x + left * width, from, wide * width, Math.round((top + high) * cellHeight) - from);
    context.globalAlpha = 1;
  } else if (cell.text !== '') {
    context.save();
    context.beginPath();
    context.rect(x, 0, width, cellHeight);
    context.clip();
    context.font = `${cell.italic ? 'italic ' : ''}${cell.bold ? 'bold ' : ''}${fontSize}px Terminal, Symbols`;
    context.fillText(cell.text, x, baseline);
    context.restore();
  }
  if (cell.underlined) context.fillRect(x, baseline + 2, width, 1);
}

/** The pixels (RGBA) of one cell, `cellWidth` times its width wide. */
export function cellPixels(cell: Cell): Uint8ClampedArray {
  const width = cellWidth * Math.max(1, cell.width);
  const context = createCanvas(width, cellHeight).getContext('2d');
  drawCell(context, cell, 0);
  return context.getImageData(0, 0, width, cellHeight).data;
}
