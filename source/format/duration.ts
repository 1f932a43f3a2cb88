// Durations for people. All take milliseconds.
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Time gone by: '00:14:32'; from a day on '1d 02:10:00'. */
export function formatClock(ms: number): string {
  const whole = seconds(ms);
  const days = Math.floor(whole / 86_400);
  const text = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60].map(two).join(':');
  return days > 0 ? `${days}d ${text}` : text;
}

/** A countdown: '3:41', '1:03:41'. Rounds up, so that it shows 0:00 only when the time has come. */
export function formatCountdown(ms: number): string {
  const whole = Number.isFinite(ms) ? Math.max(0, Math.ceil(ms / second)) : 0;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** One duration in words: '45 s', '14 min 32 s', '3 h 5 min', '2 days 4 h'. */
export function formatDuration(ms: number): string {
  const whole = seconds(ms);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joined(Math.floor(whole / 60), 'min', whole % 60, 's');
  if (whole < 86_400) return joined(Math.floor(whole / 3600), 'h', Math.floor(whole / 60) % 60, 'min');
  const days = Math.floor(whole / 86_400);
  return joined(days, days === 1 ? 'day' : 'days', Math.floor(whole / 3600) % 24, 'h');
}

/** Time left as a range: '18 to 25 min', '30 to 45 s', '2 to 3 h', 'about 4 min' where both ends agree. */
export function formatRange(low: number, high: number): string {
  return range(low, high, {s: 's', min: 'min', h: 'h', days: 'days'}, 'about ');
}

/** The same range as a phrase in a sentence: 'about 20 to 35 minutes', 'about 1 hour'. */
export function formatForecast(low: number, high: number): string {
  return `about ${range(low, high, {s: 'seconds', min: 'minutes', h: 'hours', days: 'days'}, '')}`;
}

type Words = {readonly s: string; readonly min: string; readonly h: string; readonly days: string};

function range(low: number, high: number, words: Words, same: string): string {
  const least = Number.isFinite(low) ? Math.max(0, Math.min(low, high)) : 0;
  const most = Math.max(least, Number.isFinite(high) ? high : least);
  const [size, word, step] = unitFor(most, words);
  const from = Math.max(step, Math.floor(least / size / step) * step);
  const to = Math.max(step, Math.ceil(most / size / step) * step);
  if (from === to)
    return `${same}${to} ${to === 1 ? word.replace(/(?<=second|minute|hour|day)s$/, '') : word}`;
  return `${from} to ${to} ${word}`;
}

/** The unit in which both ends read well, and the step in which it is told: a false precision is no help. */
function unitFor(ms: number, words: Words): readonly [size: number, word: string, step: number] {
  if (ms < 90 * second) return [second, words.s, 5];
  if (ms < 100 * minute) return [minute, words.min, 1];
  if (ms < 48 * hour) return [hour, words.h, 1];
  return [day, words.days, 1];
}

function seconds(ms: number): number {
  return Number.isFinite(ms) ? Math.max(0, Math.floor(ms / second)) : 0;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
