// The keys of the summary: handler, footer and help are made from this list.
import type {Binding} from '../ui/keys.ts';
import {moveBindings} from '../ui/move-keys.ts';
import type {Move} from '../ui/virtual-list.ts';

export type SummaryAction = Move | 'failures' | 'back' | 'home' | 'quit' | 'help';

/** `failures`: whether there are any to read; `reading`: whether they fill the screen now. */
export function summaryBindings(failures: boolean, reading: boolean): readonly Binding<SummaryAction>[] {
  return [
    ...moveBindings('row', 4).map(binding =>
      binding.action === 'up' ? {...binding, label: 'scroll'} : binding,
    ),
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
