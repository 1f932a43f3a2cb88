// The review step with its keys.
import type {Answers} from '../request/fields.ts';
import type {Finding} from '../request/finding.ts';
import type {Request} from '../request/schema.ts';
import {useKeysWithHelp} from '../ui/use-help.ts';
import type {Checked} from './check-screen.tsx';
import {reviewBindings} from './keys.ts';
import {Review} from './review.tsx';
import {StepBody} from './step-body.tsx';
import type {StepFrame} from './wizard.tsx';

type Props = {
  readonly frame: StepFrame;
  readonly answers: Answers;
  readonly request: Request;
  readonly known?: Checked;
  readonly advice: readonly Finding[];
  readonly notice: string;
  readonly onBack: () => void;
  readonly onSave: () => void;
  readonly onStart: () => void;
};

export function ReviewScreen({
  frame,
  answers,
  request,
  known,
  advice,
  notice,
  onBack,
  onSave,
  onStart,
}: Props) {
  const help = useKeysWithHelp({
    bindings: reviewBindings,
    onAction: action => {
      if (action === 'start') onStart();
      else if (action === 'back') onBack();
      else onSave();
    },
  });
  return (
    <StepBody frame={frame} step="review" answers={answers} bindings={reviewBindings} help={help}>
      {(columns, rows) => (
        <Review
          request={request}
          {...(known === undefined ? {} : {inspection: known.inspection})}
          ticked={known?.ticked ?? new Set()}
          advice={advice}
          notice={notice}
          columns={columns}
          rows={rows}
        />
      )}
    </StepBody>
  );
}
