// Sizes in decimal units, as disks and mail providers count: 1 kB is 1,000 bytes.
const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/**
 * A size for people: '512 B', '12 kB', '12.4 MB', '0.9 GB'. At most four characters and the unit. From nine
 * tenths of a unit on the larger unit is used, so that a column does not jump between '999 MB' and '1.0 GB'.
 */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes <= 0) return '0 B';
  let value = bytes;
  let unit = 0;
  while (unit < units.length - 1 && value >= 900) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : digits(value)} ${units[unit]}`;
}

/** Bytes in a second: '12.4 MB/s'. */
export function formatByteRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** One decimal where it tells something: 0.9, 3.1, 12.4, but 12 for 12.04 and 310. */
function digits(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  const text = value.toFixed(1);
  return value >= 9.95 && text.endsWith('.0') ? text.slice(0, -2) : text;
}
