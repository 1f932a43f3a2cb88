/** A whole number with its thousands apart: '18,204'. The same in every locale, so that logs and tests agree. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return '0';
  const whole = Math.trunc(count);
  const digits = String(Math.abs(whole)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return whole < 0 ? `-${digits}` : digits;
}

/** A count with its noun: '1 message', '18,204 messages'. `many` where an s is not enough. */
export function countOf(count: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Things in a second: '68', '2.4', '0.3'; whole numbers from ten on. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond) || perSecond <= 0) return '0';
  return perSecond < 9.95 ? String(Number(perSecond.toFixed(1))) : formatCount(Math.round(perSecond));
}
