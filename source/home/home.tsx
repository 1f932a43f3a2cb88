// The start: what mailferry can do, and what there is to go on with.
import {useEffect, useState} from 'react';
import type {NamedProfile} from '../profiles/store.ts';
import type {Services, UnfinishedRun} from '../services.ts';
import {foreign, type Line, span, wrapText} from '../ui/cells.ts';
import {bandsOf} from '../ui/frame.tsx';
import type {ProfilesPort} from '../wizard/ports.ts';
import {homeItems, profileItems, runItems} from './home-items.ts';
import {Menu} from './menu.tsx';

type Props = {
  readonly services: Pick<Services, 'unfinishedRuns'>;
  readonly profiles: ProfilesPort;
  /** What just happened, if it has to be said here. */
  readonly notice: string;
  /** Nothing was ever run here: the demo is offered. */
  readonly isFirst: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly onNew: () => void;
  readonly onCsv: () => void;
  readonly onProfile: (profile: NamedProfile) => void;
  readonly onRun: (run: UnfinishedRun) => void;
  readonly onDemo: () => void;
  readonly onQuit: () => void;
};

/** undefined while they are looked for; none where they cannot be read. */
function useUnfinishedRuns(services: Props['services']): readonly UnfinishedRun[] | undefined {
  const [runs, setRuns] = useState<readonly UnfinishedRun[]>();
  useEffect(() => {
    let isCurrent = true;
    const take = (found: readonly UnfinishedRun[]) => {
      if (isCurrent) setRuns(found);
    };
    services.unfinishedRuns().then(take, () => take([]));
    return () => {
      isCurrent = false;
    };
  }, [services]);
  return runs;
}

export function Home(props: Props) {
  const {services, profiles, notice, columns, rows} = props;
  const [list, setList] = useState<'start' | 'profiles' | 'runs'>('start');
  const runs = useUnfinishedRuns(services);
  const [saved, setSaved] = useState(() => profiles.list());
  const [problem, setProblem] = useState('');
  const remove = (name: string) => {
    try {
      profiles.remove(name);
      setProblem('');
    } catch (error) {
      setProblem(error instanceof Error ? foreign(error.message) : 'The profile cannot be deleted.');
    }
    const left = profiles.list();
    setSaved(left);
    if (left.length === 0) setList('start');
  };
  const size = {columns, rows};
  const back = () => setList('start');
  if (list === 'profiles') {
    return (
      <Menu
        {...size}
        title="saved profiles"
        intro={heading('Which one? Passwords are asked for, then both mailboxes are checked.', columns, rows)}
        items={profileItems(saved)}
        notice={problem}
        leaving="back"
        onLeave={back}
        onRemove={remove}
        onOpen={id => {
          const profile = saved.find(({name}) => name === id);
          if (profile) props.onProfile(profile);
        }}
      />
    );
  }
  if (list === 'runs') {
    return (
      <Menu
        {...size}
        title="unfinished runs"
        intro={heading('Which one goes on? What has arrived is not copied again.', columns, rows)}
        items={runItems(runs ?? [])}
        notice=""
        leaving="back"
        onLeave={back}
        onOpen={id => {
          const run = runs?.find(each => each.run === id);
          if (run === undefined) return;
          // It may have to be said here why it cannot go on.
          back();
          props.onRun(run);
        }}
      />
    );
  }
  const open: Readonly<Record<string, () => void>> = {
    new: props.onNew,
    csv: props.onCsv,
    profiles: () => setList('profiles'),
    runs: () => setList('runs'),
    demo: props.onDemo,
  };
  return (
    <Menu
      {...size}
      title=""
      right="Office 365 and any IMAP server"
      intro={heading(
        'Carry mailboxes from one mail server to another: nothing lost, nothing twice, and you can see every message go.',
        columns,
        rows,
      )}
      items={homeItems(saved, runs)}
      notice={notice === '' ? (profiles.notice ?? '') : notice}
      hint={
        props.isFirst ? 'First time? Press d: it copies made-up mail between two servers of its own.' : ''
      }
      leaving="quit"
      onLeave={props.onQuit}
      onOpen={id => open[id]?.()}
    />
  );
}

function heading(text: string, columns: number, rows: number): Line[] {
  const {body} = bandsOf(columns, rows);
  return [
    ...wrapText(text, Math.min(80, body.columns), 2).map((line): Line => [{...span(line), bold: false}]),
    [],
  ];
}
