/**
 * Whether characters beyond ASCII can be shown: not on the console of Linux, whose font lacks them, nor where the locale
 * is said to be another than UTF-8. Where none is said, terminals of today are UTF-8.
 */
export function showsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  // In this order, the first that is not empty (POSIX, environment variables for locales).
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return env['TERM'] !== 'linux' && (locale === '' || /utf-?8/i.test(locale));
}
