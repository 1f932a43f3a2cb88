// What is written for others to read: CSV, HTML, JSON lines, and text in cells.
import {parse} from 'csv-parse/sync';
import {cellWidth, fit, truncate} from '../../../../source/format/fit.ts';
import {jsonText} from '../../../../source/format/json.ts';
import {csvLine} from '../../../../source/report/csv.ts';
import {html} from '../../../../source/report/markup.ts';
import {type Input, must, mustBeClean, type Target} from '../target.ts';

const samples = [
  '=cmd|calc!A0',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'a;=1,"b"',
  '日本語 é\u0301 😀',
  'x\ty',
];
const words = [
  '=',
  '+',
  '-',
  '@',
  '＝',
  '"',
  "'",
  ';',
  ',',
  '\t',
  '<',
  '>',
  '&',
  '&lt;',
  '\u200b',
  '\ufeff',
  '\u0489',
  '\x1b[31m',
  '日',
];

function csv({text}: Input): void {
  const cells = [text, text.slice(1), text.slice(-20)];
  const line = csvLine(['x', ...cells, 5]);
  const [read] = parse(line, {record_delimiter: '\r\n'}) as string[][];
  must(read?.length === cells.length + 2, `${read?.length} cells`);
  for (const cell of read) {
    mustBeClean(cell, 'a cell');
    must(!/^\s*[=+\-@＝＋－＠]/.test(cell), `a formula ${JSON.stringify(cell.slice(0, 40))}`);
  }
  for (const cell of line.trimEnd().split(/[;\t]/))
    must(!/^[\s"]*[=+\-@＝＋－＠]/.test(cell), `a formula ${JSON.stringify(cell.slice(0, 40))}`);
}

function markup({text}: Input): void {
  const page = html`<p title="${text}">${text}</p>`.text;
  must(
    /^<p title="[^"<>]*">[^<>"]*<\/p>$/.test(page),
    `markup gets through: ${JSON.stringify(page.slice(0, 200))}`,
  );
  mustBeClean(page, 'the page');
}

function json({text}: Input): void {
  const line = jsonText({[text]: text});
  must(!line.includes('\n') && !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(line), 'a line with what acts');
  must(line.isWellFormed(), 'half a character');
  const back = JSON.parse(line) as Record<string, string>;
  must(Object.hasOwn(back, text) && back[text] === text, 'it does not come back as it was');
}

function cells({text, random}: Input): void {
  const width = random.below(60);
  const ellipsis = random.pick(['end', 'middle'] as const);
  const filled = fit(text, width, {ellipsis, align: random.pick(['left', 'right', 'center'] as const)});
  must(cellWidth(filled) === width, `${cellWidth(filled)} cells of ${width}`);
  must(cellWidth(truncate(text, width, {ellipsis})) <= width, 'cut, it is wider');
  must(!/[\x00-\x1f\x7f-\x9f]/.test(filled), 'a control is left');
}

export const shownTargets: readonly Target[] = [
  {name: 'shown.csv', samples, words, hurts: [['', '\x9d(a', '']], check: csv},
  // What is shown was cut to some hundred characters before (clean.ts); so far their number is measured generously.
  {name: 'shown.html', samples, words, weight: 4, check: markup},
  {name: 'shown.json', samples, words, check: json},
  {name: 'shown.cells', samples, words, weight: 16, check: cells},
];
