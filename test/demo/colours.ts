// The terminal's colours in the recording: calm, dark, readable on light and dark pages.

export const background = '#15181e';
export const foreground = '#d5d9e0';

const basic = [
  ...['#2b303b', '#e0707a', '#8fc27f', '#e3b968', '#6ca6e8', '#c08ad8', '#63bfc4', '#c3c8d1'],
  ...['#6b7382', '#ef8b93', '#a8d698', '#f0cc85', '#8cbcf2', '#d3a7e6', '#82d4d8', '#f2f4f7'],
];

const cube = [0, 95, 135, 175, 215, 255];

const hex = (red: number, green: number, blue: number) =>
  `#${[red, green, blue].map(channel => channel.toString(16).padStart(2, '0')).join('')}`;

/** One of the 256 colours of a terminal. */
export function indexed(index: number): string {
  if (index < 16) return basic[index] ?? foreground;
  if (index >= 232) return hex(8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10);
  const place = index - 16;
  const level = (step: number) => cube[step] ?? 0;
  return hex(level(Math.floor(place / 36)), level(Math.floor(place / 6) % 6), level(place % 6));
}
