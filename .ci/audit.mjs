// Judges what `npm audit --omit=dev --json` printed, on standard input: known weaknesses in the packages that ship.
// Ends with 1 where there is one of moderate severity or worse that audit-exceptions.json does not explain. A registry
// that does not answer is no finding: it is said loudly, and ends with 0, so that no build hangs on it.
import {readFileSync} from 'node:fs';

const serious = new Set(['moderate', 'high', 'critical']);
const exceptions = JSON.parse(
  readFileSync(process.argv[2] ?? new URL('audit-exceptions.json', import.meta.url), 'utf8'),
);

const say = line => process.stderr.write(`${line}\n`);

/** The report, or why there is none. */
function read(text) {
  try {
    const report = JSON.parse(text);
    if (typeof report.vulnerabilities === 'object' && typeof report.metadata === 'object') return {report};
    return {why: report.message ?? report.error?.summary ?? 'npm audit printed no report'};
  } catch {
    return {why: text.trim() === '' ? 'npm audit printed nothing' : 'npm audit printed no JSON'};
  }
}

const {report, why} = read(readFileSync(0, 'utf8'));
if (report === undefined) {
  say(`\n!!! NOT AUDITED: ${why}`);
  say('!!! Nobody has compared the packages that ship with the known weaknesses. Run it again where the');
  say('!!! registry answers: npm audit --omit=dev\n');
} else {
  const found = new Map();
  for (const {via} of Object.values(report.vulnerabilities))
    for (const each of via)
      if (typeof each === 'object' && serious.has(each.severity)) found.set(each.url.split('/').at(-1), each);
  const open = [...found].filter(([id]) => exceptions[id] === undefined);
  for (const [id, {name, severity, title}] of found)
    say(`${id} ${severity}, ${name}: ${title}${exceptions[id] ? ` (known: ${exceptions[id]})` : ''}`);
  for (const id of Object.keys(exceptions).filter(each => !found.has(each)))
    say(`audit-exceptions.json explains ${id}, which is found no more: take it out`);
  say(
    `Audited: ${report.metadata.dependencies?.prod ?? 'all'} packages that ship, ${open.length} open findings`,
  );
  process.exitCode = open.length > 0 ? 1 : 0;
}
