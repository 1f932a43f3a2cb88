// Stands before whatever opens mailboxes: whoever has to sign in to Microsoft for them does so here, one after the
// other. Where nobody has to, it is not seen.
import {Box} from 'ink';
import {type ReactNode, useEffect, useState} from 'react';
import type {NeededSignIn} from '../engine/auth/sign-ins.ts';
import {problemFromError} from '../engine/problems/from-error.ts';
import {formatCountdown} from '../format/duration.ts';
import {needsPerson} from '../request/personal.ts';
import type {Request} from '../request/schema.ts';
import type {MicrosoftPort} from '../services.ts';
import {span, wrapText} from '../ui/cells.ts';
import {CellsBlock, CellsLine} from '../ui/cells-line.tsx';
import {bandsOf, Frame} from '../ui/frame.tsx';
import {Spinner} from '../ui/spinner.tsx';
import {useKeysWithHelp} from '../ui/use-help.ts';
import {useSeconds} from '../ui/use-seconds.ts';
import type {Turn} from './sign-in-anew.ts';
import {signInBindings} from './sign-in-keys.ts';
import {othersLines, type SignInPhase, signInLines} from './sign-in-lines.ts';

type Props = {
  readonly requests: readonly Request[];
  readonly microsoft: MicrosoftPort;
  readonly columns: number;
  readonly rows: number;
  /** The one before did not open what it should; it is another component (`key`) each time. */
  readonly turn?: Turn;
  readonly onBack: () => void;
  /** Drawn once nobody has to sign in any more. */
  readonly children: ReactNode;
};

export function SignInGate({requests, microsoft, columns, rows, turn, onBack, children}: Props) {
  const [needed, setNeeded] = useState<readonly NeededSignIn[] | undefined>(
    needsPerson(requests) ? undefined : [],
  );
  const [index, setIndex] = useState(0);
  useEffect(() => {
    if (!needsPerson(requests)) return;
    const stop = new AbortController();
    const forgotten = turn?.forgotten ?? Promise.resolve();
    forgotten.then(() => microsoft.needed(requests, stop.signal)).then(setNeeded, () => undefined);
    return () => stop.abort();
    // Once: whoever comes back to this screen comes with a new one.
  }, []);
  const size = {columns, rows};
  if (needed === undefined) return <Looking {...size} onBack={onBack} />;
  if (index >= needed.length) return children;
  return (
    <SignIn
      key={index}
      {...size}
      all={needed}
      index={index}
      microsoft={microsoft}
      reasons={turn?.reasons ?? none}
      onDone={() => setIndex(index + 1)}
      onBack={onBack}
    />
  );
}

const none: Turn['reasons'] = new Map();

type SizeProps = {readonly columns: number; readonly rows: number; readonly onBack: () => void};

function Looking({columns, rows, onBack}: SizeProps) {
  const bindings = signInBindings(false);
  const help = useKeysWithHelp({bindings, onAction: onBack});
  return (
    <Frame columns={columns} rows={rows} title="sign in" bindings={bindings} help={help} helpKey="?">
      <Waiting text="Looking whether somebody has to sign in to Microsoft" />
    </Frame>
  );
}

function Waiting({text}: {readonly text: string}) {
  return (
    <Box height={1}>
      <Spinner />
      <CellsLine line={[span(` ${text}`, 'dim')]} />
    </Box>
  );
}

type SignInProps = SizeProps & {
  readonly all: readonly NeededSignIn[];
  readonly index: number;
  readonly microsoft: MicrosoftPort;
  readonly reasons: Turn['reasons'];
  readonly onDone: () => void;
};

function SignIn({all, index, microsoft, reasons, columns, rows, onDone, onBack}: SignInProps) {
  const [attempt, setAttempt] = useState(0);
  const [phase, setPhase] = useState<SignInPhase>({name: 'asking'});
  const needed = all[index];
  useEffect(() => {
    if (needed === undefined) return;
    const stop = new AbortController();
    setPhase({name: 'asking'});
    needed
      .signIn(prompt => {
        const opened = prompt.kind === 'browser' && microsoft.openPage(prompt.address);
        if (!stop.signal.aborted) setPhase({name: 'waiting', prompt, opened});
      }, stop.signal)
      .then(
        () => {
          if (!stop.signal.aborted) onDone();
        },
        (error: unknown) => {
          if (!stop.signal.aborted) setPhase({name: 'failed', problem: problemOf(error, needed)});
        },
      );
    return () => stop.abort();
    // onDone is another function at each drawing; what counts is who signs in, and the attempt.
  }, [needed, attempt]);
  const waiting = phase.name === 'waiting';
  const now = useSeconds(microsoft.now, waiting);
  const bindings = signInBindings(phase.name === 'failed');
  const help = useKeysWithHelp({
    bindings,
    onAction: action => {
      if (action === 'again') setAttempt(attempt + 1);
      else if (action === 'skip') onDone();
      else onBack();
    },
  });
  const {body} = bandsOf(columns, rows);
  const width = Math.min(body.columns, 100);
  const view = {all, index, phase, reasons};
  const lines = signInLines(view, width, body.rows - 1);
  const kept = [[], ...wrapText(microsoft.kept(), width, 2).map(text => [span(text, 'dim')])];
  const others = othersLines(view, width, Math.max(0, body.rows - lines.length - kept.length - 2));
  return (
    <Frame columns={columns} rows={rows} title="sign in" bindings={bindings} help={help} helpKey="?">
      <CellsBlock lines={lines} height={lines.length} />
      {phase.name === 'asking' && <Waiting text="Asking Microsoft" />}
      {waiting && (
        <Waiting text={`waiting for you, ${formatCountdown(Math.max(0, phase.prompt.expires - now))} left`} />
      )}
      {others.length > 0 && <CellsBlock lines={[[], ...others]} height={others.length + 1} />}
      {waiting && <CellsBlock lines={kept} height={kept.length} />}
    </Frame>
  );
}

function problemOf(error: unknown, {user, method}: NeededSignIn) {
  return problemFromError(error, {
    end: 'source',
    login: user,
    server: '',
    during: 'sign-in',
    auth: method,
    provider: 'o365',
  });
}
