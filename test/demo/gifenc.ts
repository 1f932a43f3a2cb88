// gifenc, typed. It is CommonJS whose default export differs with the loader, so it is required.
import {createRequire} from 'node:module';

/** Colours as [red, green, blue]. */
export type Palette = number[][];

export type FrameOptions = {
  /** For all frames where given with the first. */
  readonly palette?: Palette;
  /** In ms. */
  readonly delay?: number;
  readonly transparent?: boolean;
  readonly transparentIndex?: number;
  /** Bits a pixel; the palette has 2 to the power of it. */
  readonly colorDepth?: number;
  /** 0: for ever. */
  readonly repeat?: number;
  /** 1: the frame stays under the next. */
  readonly dispose?: number;
};

type Gifenc = {
  GIFEncoder(): {
    writeFrame(index: Uint8Array, width: number, height: number, options?: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
    /** So far, not copied. */
    bytesView(): Uint8Array;
  };
  quantize(rgba: Uint8Array, colours: number): Palette;
  applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: Palette): Uint8Array;
};

export const {GIFEncoder, quantize, applyPalette}: Gifenc = createRequire(import.meta.url)('gifenc');
