// Where one is on the way: a column at the left where there is room, else one line on top.
import {Box} from 'ink';
import type {Answers} from '../request/fields.ts';
import {exact, foreign, type Line, short, span} from '../ui/cells.ts';
import {CellsBlock, CellsLine} from '../ui/cells-line.tsx';
import {type Role, symbols} from '../ui/theme.ts';
import {isFormStep, type Step, stepIndex, steps, summaryOf} from './steps.ts';

export type Place = {
  readonly kind: 'column' | 'line';
  /** What the stepper takes, with the blank beside or below it. */
  readonly size: number;
};

/** Tables need the width more than the way through does. */
export function stepperPlace(columns: number, step: Step): Place {
  const wide = isFormStep(step) ? 74 : 96;
  if (columns < wide) return {kind: 'line', size: 2};
  const roomy = columns >= (isFormStep(step) ? 100 : 120);
  return {kind: 'column', size: roomy ? 34 : 18};
}

function mark(step: Step, now: Step): readonly [glyph: string, role: Role] {
  if (step === now) return [symbols.bullet, 'accent'];
  return stepIndex(step) < stepIndex(now) ? [symbols.tick, 'ok'] : [symbols.circle, 'dim'];
}

type Props = {
  readonly now: Step;
  readonly answers: Answers;
  readonly place: Place;
  readonly columns: number;
  readonly rows: number;
};

export function Stepper({now, answers, place, columns, rows}: Props) {
  if (place.kind === 'line') {
    return (
      <Box flexDirection="column" height={2} flexShrink={0} width={columns}>
        <CellsLine line={stepLine(now)} />
        <CellsLine line={[]} />
      </Box>
    );
  }
  return (
    <Box width={place.size} flexShrink={0} flexDirection="column">
      <CellsBlock lines={columnLines(now, answers, place.size - 2)} height={rows} />
    </Box>
  );
}

function stepLine(now: Step): Line {
  return steps.flatMap(({id, label}, index): Line => {
    const [glyph, role] = mark(id, now);
    const word = span(label, id === now ? 'plain' : 'dim');
    return [span(index > 0 ? '  ' : ''), span(glyph, role), {...word, bold: id === now}];
  });
}

function columnLines(now: Step, answers: Answers, columns: number): Line[] {
  const label = 14;
  return steps.map(({id, label: name}): Line => {
    const [glyph, role] = mark(id, now);
    const done = isFormStep(id) && stepIndex(id) < stepIndex(now) ? foreign(summaryOf(id, answers)) : '';
    const word = {...span(exact(name, label - 2), id === now ? 'plain' : 'dim'), bold: id === now};
    const room = columns - label;
    return [span(`${glyph} `, role), word, ...(room >= 8 ? [span(short(done, room, 'middle'), 'dim')] : [])];
  });
}
