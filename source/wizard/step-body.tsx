// The frame of every step: the way through beside or above, the step's own part in the rest.
import {Box} from 'ink';
import type {ReactNode} from 'react';
import type {Answers} from '../request/fields.ts';
import {bandsOf, Frame} from '../ui/frame.tsx';
import type {Binding} from '../ui/keys.ts';
import {Stepper, stepperPlace} from './stepper.tsx';
import type {Step} from './steps.ts';
import type {StepFrame} from './wizard.tsx';

type Props = {
  readonly frame: StepFrame;
  readonly step: Step;
  readonly answers: Answers;
  readonly bindings: readonly Binding[];
  readonly help: boolean;
  readonly helpKey?: string;
  /** Draws the step into so many cells. */
  readonly children: (columns: number, rows: number) => ReactNode;
};

/** Lines longer than this are hard to read; the rest of a wide terminal stays free. */
const widest = 130;

export function StepBody({frame, step, answers, bindings, help, helpKey = '?', children}: Props) {
  const {body} = bandsOf(frame.columns, frame.rows);
  const place = stepperPlace(body.columns, step);
  const beside = place.kind === 'column';
  const columns = Math.min(widest, beside ? body.columns - place.size : body.columns);
  const rows = beside ? body.rows : body.rows - place.size;
  return (
    <Frame {...frame} bindings={bindings} help={help} helpKey={helpKey}>
      <Box flexDirection={beside ? 'row' : 'column'} width={body.columns} height={body.rows}>
        <Stepper now={step} answers={answers} place={place} columns={body.columns} rows={body.rows} />
        <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
          {children(columns, rows)}
        </Box>
      </Box>
    </Frame>
  );
}
