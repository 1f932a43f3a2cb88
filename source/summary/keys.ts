// The keys of the summary: handler, footer and help are made from this list.
import type {Binding} from '../ui/keys.ts';
import {symbols} from '../ui/theme.ts';
import type {Move} from '../ui/virtual-list.ts';

export type SummaryAction = Move | 'failures' | 'back' | 'home' | 'quit' | 'help';

/** `failures`: whether there are any to read; `reading`: whether they fill the screen now. */
export function summaryBindings(failures: boolean, reading: boolean): readonly Binding<SummaryAction>[] {
  return [
    {
      action: 'up',
      keys: ['up', 'k'],
      shown: `${symbols.up}${symbols.down}`,
      label: 'scroll',
      help: 'One row up.',
      footer: 4,
    },
    {action: 'down', keys: ['down', 'j'], label: 'down', help: 'One row down.'},
    {action: 'page-up', keys: ['pgup', 'ctrl+u'], label: 'page up', help: 'One page up.'},
    {action: 'page-down', keys: ['pgdn', 'ctrl+d'], label: 'page down', help: 'One page down.'},
    {action: 'first', keys: ['home', 'g'], label: 'first', help: 'To the first row.'},
    {action: 'last', keys: ['end', 'G'], label: 'last', help: 'To the last row.'},
    ...(failures ? [failuresBinding(reading)] : []),
    ...(reading ? [back] : []),
    {action: 'home', keys: ['enter'], label: 'home', help: 'Back to the first screen.', footer: 2},
    {
      action: 'quit',
      keys: ['q', 'ctrl+c'],
      label: 'quit',
      help: 'Leave; the totals stay in the terminal.',
      footer: 1,
    },
    {action: 'help', keys: ['?'], label: 'help', help: 'These keys.'},
  ];
}

const back: Binding<SummaryAction> = {
  action: 'back',
  keys: ['esc'],
  label: 'back',
  help: 'Back to the table.',
  footer: 3,
};

function failuresBinding(reading: boolean): Binding<SummaryAction> {
  return {
    action: 'failures',
    keys: ['f'],
    label: reading ? 'table' : 'all failures',
    help: reading ? 'Back to the table of requests.' : 'All failures by reason, over the whole screen.',
    footer: 3,
  };
}
