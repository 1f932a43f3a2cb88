// What is in a PEM file, in the time that reading it once takes: somebody else may have made it.

export type PemBlock = {
  /** `CERTIFICATE`, `PRIVATE KEY`, `ENCRYPTED PRIVATE KEY` … */
  readonly label: string;
  /** With its first and last line. */
  readonly text: string;
};

/** Blocks that are whole, in their order; what is between them is passed over. */
export function pemBlocks(pem: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: {label: string; at: number} | undefined;
  for (const {0: line, 1: side, 2: label = '', index} of pem.matchAll(
    /-----(BEGIN|END) ([A-Z0-9 ]+)-----/g,
  )) {
    if (side === 'BEGIN') {
      open = {label, at: index};
      continue;
    }
    if (open?.label === label) blocks.push({label, text: pem.slice(open.at, index + line.length)});
    open = undefined;
  }
  return blocks;
}

/** The certificates of a file, each in PEM. */
export const certificatesIn = (pem: string): string[] =>
  pemBlocks(pem)
    .filter(({label}) => label === 'CERTIFICATE')
    .map(({text}) => text);
