// Many requests: choose the file, look at its rows, give the passwords it lacks, start.
import {useCallback, useEffect, useMemo, useState} from 'react';
import {asksOf, withSecrets} from '../request/asked-secrets.ts';
import {readRequestsCsv} from '../request/csv.ts';
import type {CsvReading} from '../request/csv-problem.ts';
import type {FieldRules} from '../request/fields.ts';
import {type ForAll, withFolders} from '../request/for-all.ts';
import type {Request} from '../request/schema.ts';
import type {Services} from '../services.ts';
import {foreign} from '../ui/cells.ts';
import {bandsOf, Frame} from '../ui/frame.tsx';
import {absolutePath} from '../ui/path-field-state.ts';
import {CsvCheck} from './csv-check.tsx';
import {checkNotice} from './csv-check-lines.ts';
import {CsvPick} from './csv-pick.tsx';
import {CsvReview} from './csv-review.tsx';
import {CsvRows} from './csv-rows.tsx';
import {CsvSecrets} from './csv-secrets.tsx';
import {requestsOf} from './csv-view.ts';
import {saveBindings} from './keys.ts';
import type {FilesPort, ProfilesPort} from './ports.ts';
import {SavePrompt} from './save-prompt.tsx';
import {SignInGate} from './sign-in.tsx';
import type {RowLook} from './use-inspections.ts';

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
  readonly onLeave: () => void;
  /** `from`: the absolute path of the file. */
  readonly onStart: (requests: readonly Request[], from: string) => void;
};

type Stage = 'pick' | 'rows' | 'secrets' | 'review' | 'check' | 'save';

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file. Check the path.',
  EACCES: 'You may not read this file. Change its permissions or choose another.',
  EISDIR: 'This is a directory. Choose a file in it.',
};

/** Why a file could not be read, for a person. */
export function readFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = error instanceof Error ? foreign(error.message) : 'unknown reason';
  return sentences[code] ?? `The file could not be read: ${words}.`;
}

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
  onLeave,
  onStart,
}: Props) {
  const [stage, setStage] = useState<Stage>('pick');
  const [path, setPath] = useState(known);
  const [reading, setReading] = useState<CsvReading>();
  const [problem, setProblem] = useState('');
  const [given, setGiven] = useState<ReadonlyMap<string, string>>(new Map());
  const [attempt, setAttempt] = useState(0);
  const [notice, setNotice] = useState('');
  const read = useCallback(
    async (text: string) => {
      setPath(text);
      try {
        const bytes = await files.read(absolutePath(text, files));
        setReading(
          readRequestsCsv(bytes, text, rules, {
            overrides: forAll.answers,
            ...(forAll.fill === undefined ? {} : {fill: forAll.fill}),
          }),
        );
        setProblem('');
        setStage('rows');
      } catch (error) {
        setProblem(readFailure(error));
        setStage('pick');
        setAttempt(before => before + 1);
      }
    },
    [files, rules, forAll],
  );
  useEffect(() => {
    if (known !== '') void read(known);
  }, [known, read]);
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
  const start = () => onStart(ready, absolutePath(path, files));
  const size = {columns, rows};
  if (stage === 'pick' || reading === undefined) {
    return (
      <CsvPick
        key={attempt}
        {...size}
        files={files}
        path={path}
        problem={problem}
        onPick={text => void read(text)}
        onLeave={onLeave}
      />
    );
  }
  if (stage === 'rows') {
    return (
      <CsvRows
        {...size}
        reading={reading}
        onNext={() => setStage(asks.length > 0 ? 'secrets' : 'review')}
        onBack={() => setStage('pick')}
        onAgain={() => void read(path)}
      />
    );
  }
  if (stage === 'secrets') {
    return (
      <CsvSecrets
        {...size}
        title={reading.fileName}
        asks={asks}
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
      <SignInGate {...size} requests={ready} microsoft={services.microsoft} onBack={() => setStage('review')}>
        <CsvCheck
          {...size}
          title={reading.fileName}
          services={services}
          requests={ready}
          known={looks.requests === ready ? looks.found : []}
          atOnce={atOnce}
          onStart={start}
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
