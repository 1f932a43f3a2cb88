// How large a CSV of requests may be. A file beyond it is something else, or would take more memory to check than a
// computer has to spare.

/** Bytes: more than 100,000 requests, which take about 1 GB to check. */
export const mostCsvBytes = 16 * 1024 * 1024;

/** Behind the file's name. */
export const csvTooLarge =
  'it has more than 16 MB, and a list of requests is never that large. Check the name, or split it into several files.';
