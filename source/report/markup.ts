// HTML that escapes by default: only what was made with `html` goes in as it is.
import {cleanText} from '../format/clean.ts';

const longest = 2000;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that is safe to put into a page. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | readonly Part[];

/** A template whose values are cleaned and escaped, unless they are markup themselves. Undefined gives nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(
    strings.reduce(
      (text, string, index) => text + string + (index < values.length ? rendered(values[index]) : ''),
      '',
    ),
  );
}

/** For element text and quoted attributes alike. */
export function escapeText(text: string): string {
  return cleanText(text, longest).replace(/[&<>"']/g, character => entities[character] ?? '');
}

function rendered(value: Part): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeText(value);
  return value.map(rendered).join('');
}
