// Many requests: choose the file, look at its rows, give the passwords it lacks, start.
import {useCallback, useEffect, useMemo, useState} from 'react';
import {asksOf, withSecrets} from '../../request/asked-secrets.ts';
import type {FieldRules} from '../../request/field-rules.ts';
import {type ForAll, withFolders} from '../../request/for-all.ts';
import type {Request} from '../../request/schema.ts';
import type {Services} from '../../services.ts';
import {foreign} from '../../ui/cells.ts';
import {bandsOf, Frame} from '../../ui/frame.tsx';
import {absolutePath} from '../../ui/path-field-state.ts';
import {saveBindings} from '../keys.ts';
import type {FilesPort, ProfilesPort} from '../ports.ts';
import {SavePrompt} from '../save-prompt.tsx';
import {SignInGate} from '../sign-in.tsx';
import {useTurns} from '../sign-in-anew.ts';
import type {RowLook} from '../use-inspections.ts';
import {CsvCheck} from './check.tsx';
import {checkNotice} from './check-lines.ts';
import {isChanged} from './desk.ts';
import {CsvPick} from './pick.tsx';
import {CsvReading} from './reading.tsx';
import {CsvReview} from './review.tsx';
import {CsvRow} from './row.tsx';
import {CsvRows, type RowsView} from './rows.tsx';
import {CsvSave} from './save.tsx';
import {CsvSecrets} from './secrets.tsx';
import {readFailure, useCsvDesk} from './use-desk.ts';
import {requestsOf} from './view.ts';

type Props = {
  readonly services: Pick<Services, 'inspect' | 'microsoft'>;
  readonly files: FilesPort;
  readonly profiles: ProfilesPort;
  readonly rules: FieldRules;
  /** What counts for every row. */
  readonly forAll: ForAll;
  /** Mailboxes copied at once, for the forecast. */
  readonly atOnce: number;
  /** Read at once, where it is known already. */
  readonly path?: string;
  readonly columns: number;
  readonly rows: number;
  /** Told what would be lost by leaving now, in a sentence; '' where nothing would. */
  readonly onUnsaved?: (sentence: string) => void;
  readonly onLeave: () => void;
  /** `from`: the absolute path of the file. */
  readonly onStart: (requests: readonly Request[], from: string) => void;
};

type Stage = 'reading' | 'pick' | 'rows' | 'row' | 'save-csv' | 'secrets' | 'review' | 'check' | 'save';

export function CsvFlow({
  services,
  files,
  profiles,
  rules,
  forAll,
  atOnce,
  path: known = '',
  columns,
  rows,
  onUnsaved,
  onLeave,
  onStart,
}: Props) {
  const [stage, setStage] = useState<Stage>(known === '' ? 'pick' : 'reading');
  const csv = useCsvDesk(files, rules, forAll, known);
  const {path, desk, reading, read: readCsv} = csv;
  const [view, setView] = useState<RowsView>({onlyBad: false});
  const [line, setLine] = useState(0);
  const [afterSave, setAfterSave] = useState<'rows' | 'next'>('rows');
  const [problem, setProblem] = useState('');
  const [given, setGiven] = useState<ReadonlyMap<string, string>>(new Map());
  const [attempt, setAttempt] = useState(0);
  const [notice, setNotice] = useState('');
  const read = useCallback(
    async (text: string, then: {readonly stage: Stage; readonly notice?: string} = {stage: 'rows'}) => {
      try {
        await readCsv(text, then.notice);
        setProblem('');
        setStage(then.stage);
      } catch (error) {
        setProblem(readFailure(error));
        setStage('pick');
        setAttempt(before => before + 1);
      }
    },
    [readCsv],
  );
  useEffect(() => {
    if (known !== '') void read(known);
  }, [known, read]);
  const lost = desk !== undefined && isChanged(desk) ? `Not saved: your changes to ${foreign(path)}.` : '';
  useEffect(() => {
    onUnsaved?.(lost);
    return () => onUnsaved?.('');
  }, [onUnsaved, lost]);
  const requests = useMemo(
    () => (reading ? requestsOf(reading).map(request => withFolders(request, forAll)) : []),
    [reading, forAll],
  );
  const asks = useMemo(() => asksOf(requests), [requests]);
  const ready = useMemo(() => withSecrets(requests, given), [requests, given]);
  const [looks, setLooks] = useState<{requests: readonly Request[]; found: readonly RowLook[]}>({
    requests: [],
    found: [],
  });
  const [turn, beginTurn] = useTurns(services.microsoft);
  const start = () => onStart(ready, absolutePath(path, files));
  const size = {columns, rows};
  const next = asks.length > 0 ? 'secrets' : 'review';
  if (stage === 'reading') return <CsvReading {...size} path={known} onLeave={onLeave} />;
  if (stage === 'pick' || reading === undefined || desk === undefined) {
    return (
      <CsvPick
        key={attempt}
        {...size}
        files={files}
        path={path}
        problem={problem}
        onPick={text => {
          setView({onlyBad: false});
          void read(text);
        }}
        onLeave={onLeave}
      />
    );
  }
  if (stage === 'rows') {
    return (
      <CsvRows
        {...size}
        desk={desk}
        reading={reading}
        view={view}
        notice={csv.notice}
        onView={setView}
        onChange={csv.change}
        onEdit={chosen => {
          setLine(chosen);
          setStage('row');
        }}
        onSave={then => {
          setAfterSave(then);
          setStage('save-csv');
        }}
        onNext={() => setStage(next)}
        onBack={() => setStage('pick')}
        onAgain={() => void read(path)}
      />
    );
  }
  if (stage === 'row') {
    return (
      <CsvRow
        {...size}
        desk={desk}
        line={line}
        problems={reading.problems}
        rules={rules}
        given={csv.given}
        onDone={edits => {
          if (edits.length > 0) csv.change({kind: 'edits', edits});
          setStage('rows');
        }}
      />
    );
  }
  if (stage === 'save-csv') {
    return (
      <CsvSave
        {...size}
        title={reading.fileName}
        desk={desk}
        path={path}
        files={files}
        onCancel={() => setStage('rows')}
        onSaved={saved => {
          const stageThen = afterSave === 'next' ? next : 'rows';
          void read(saved, {stage: stageThen, notice: `Saved as ${foreign(saved)}.`});
        }}
      />
    );
  }
  if (stage === 'secrets') {
    return (
      <CsvSecrets
        {...size}
        title={reading.fileName}
        asks={asks}
        passwordPolicy={rules.passwordPolicy}
        onDone={all => {
          setGiven(all);
          setStage('review');
        }}
        onBack={() => setStage('rows')}
      />
    );
  }
  if (stage === 'check') {
    return (
      <SignInGate
        {...size}
        key={turn.number}
        turn={turn}
        requests={ready}
        microsoft={services.microsoft}
        onBack={() => setStage('review')}
      >
        <CsvCheck
          {...size}
          title={reading.fileName}
          services={services}
          requests={ready}
          known={looks.requests === ready ? looks.found : []}
          atOnce={atOnce}
          onStart={start}
          onSignIn={(ends, found) => {
            setLooks({requests: ready, found});
            beginTurn(ends);
          }}
          onBack={found => {
            setLooks({requests: ready, found});
            setNotice(checkNotice(ready, found));
            setStage('review');
          }}
        />
      </SignInGate>
    );
  }
  if (stage === 'save') {
    return (
      <Frame {...size} title={reading.fileName} bindings={saveBindings} helpKey="">
        <SavePrompt
          profiles={profiles}
          profile={{kind: 'csv', path: absolutePath(path, files)}}
          suggested={nameOf(path)}
          columns={bandsOf(columns, rows).body.columns}
          onDone={kept => {
            setNotice(kept === undefined ? '' : `Saved as ${kept}.`);
            setStage('review');
          }}
        />
      </Frame>
    );
  }
  return (
    <CsvReview
      {...size}
      title={reading.fileName}
      requests={requests}
      onStart={start}
      onBack={() => setStage('rows')}
      onCheck={() => setStage('check')}
      onSave={() => setStage('save')}
      notice={notice}
    />
  );
}

/** 'users' of '/desk/users.csv': a profile's name must not look like a file. */
function nameOf(path: string): string {
  return path.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
}
