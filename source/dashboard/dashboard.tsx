// The live grid and its levels: takes keys, keeps the view, gives each level what it draws.
import {Box} from 'ink';
import {type ReactElement, useEffect, useMemo, useReducer, useState, useSyncExternalStore} from 'react';
import {requestEnded} from '../progress/counted.ts';
import {asShown} from '../progress/dry-run.ts';
import type {Snapshot, SnapshotStore} from '../progress/snapshot.ts';
import type {RunControl} from '../services.ts';
import {Footer} from '../ui/footer.tsx';
import {HelpOverlay} from '../ui/help-overlay.tsx';
import {TooSmall} from '../ui/too-small.tsx';
import {useSeconds} from '../ui/use-seconds.ts';
import {type Content, contentOf} from './content.ts';
import {chooseColumns, type FolderColumn, plannedFolders} from './folder-columns.ts';
import {FolderScreen} from './folder-screen.tsx';
import {dashboardLayout, type Layout, smallest} from './layout.ts';
import {noticeLine} from './notice.ts';
import {hasEnded, overallFraction, percent} from './progress.ts';
import {firstView, reduceView, type View, type ViewEvent} from './state.ts';
import {placeBindings, useDashboardKeys} from './use-dashboard-keys.ts';
import {UserScreen} from './user-screen.tsx';
import {UsersScreen} from './users-screen.tsx';

type Props = {
  readonly store: SnapshotStore;
  readonly control: RunControl;
  /** ms since 1970. */
  readonly now: () => number;
  readonly columns: number;
  readonly rows: number;
  /** The run has ended and the person goes on. */
  readonly onLeave: () => void;
};

export function Dashboard({store, control, now, columns, rows, onLeave}: Props): ReactElement {
  const taken = useSnapshot(store);
  const snapshot = useMemo(() => asShown(taken), [taken]);
  const [view, dispatch] = useReducer(reduceView, firstView);
  useOnlyMailbox(snapshot.requests.length, dispatch);
  useOpenQuestion(isAnswered(snapshot, view), dispatch);
  const ended = hasEnded(snapshot);
  const time = useSeconds(now, !ended);
  const layout = useMemo(() => dashboardLayout(columns, rows), [columns, rows]);
  const content = useMemo(() => contentOf(snapshot, view), [snapshot, view]);
  const folderColumns = useFolderColumns(snapshot, layout);
  const bindings = useDashboardKeys({snapshot, view, dispatch, content, layout, control, time, onLeave});

  if (!layout.fits) {
    const line = ended ? 'Done. Enter: summary' : `${percent(overallFraction(snapshot))} done`;
    return (
      <TooSmall
        columns={columns}
        rows={rows}
        needColumns={smallest.columns}
        needRows={smallest.rows}
        line={line}
      />
    );
  }
  return (
    <Box flexDirection="column" width={columns} height={rows} paddingX={layout.margin}>
      {view.help ? (
        <Box height={rows - 1} flexShrink={0}>
          <HelpOverlay
            bindings={placeBindings(snapshot, view, content, control)}
            columns={layout.inner}
            rows={rows - 1}
          />
        </Box>
      ) : (
        <Level {...{snapshot, view, content, layout, folderColumns, time}} />
      )}
      <Footer
        bindings={bindings}
        columns={layout.inner}
        {...(view.help || view.typing || view.asking ? {helpKey: ''} : {})}
      />
    </Box>
  );
}

type LevelProps = {
  readonly snapshot: Snapshot;
  readonly view: View;
  readonly content: Content;
  readonly layout: Extract<Layout, {fits: true}>;
  readonly folderColumns: readonly FolderColumn[];
  readonly time: number;
};

function Level({snapshot, view, content, layout, folderColumns, time}: LevelProps): ReactElement {
  const notice = noticeLine(snapshot, view, content.keys.length, content.all, layout.inner);
  const shared = {snapshot, layout, notice, now: time};
  if (content.level === 'users') return <UsersScreen {...shared} content={content} columns={folderColumns} />;
  if (content.level === 'user') return <UserScreen {...shared} content={content} />;
  return <FolderScreen {...shared} content={content} />;
}

/** A run of one mailbox begins with its folders; Esc goes to the grid of one row and stays there. */
function useOnlyMailbox(mailboxes: number, dispatch: (event: ViewEvent) => void): void {
  const known = mailboxes > 0;
  useEffect(() => {
    if (known && mailboxes === 1) dispatch({type: 'open', key: '0'});
    // Once, when the mailboxes are known: a run does not get more of them.
  }, [known, mailboxes, dispatch]);
}

/** What a question was about may end before it is answered. */
function useOpenQuestion(answered: boolean, dispatch: (event: ViewEvent) => void): void {
  useEffect(() => {
    if (answered) dispatch({type: 'answered'});
  }, [answered, dispatch]);
}

function isAnswered(snapshot: Snapshot, {asking}: View): boolean {
  if (asking === undefined) return false;
  if (hasEnded(snapshot)) return true;
  const state = asking.stop === 'mailbox' ? snapshot.requests[asking.request]?.state : undefined;
  return state !== undefined && requestEnded(state);
}

function useSnapshot(store: SnapshotStore): Snapshot {
  const [subscribe, get] = useMemo(
    () => [(listener: () => void) => store.subscribe(listener), () => store.getSnapshot()] as const,
    [store],
  );
  return useSyncExternalStore(subscribe, get);
}

/** Chosen anew only when more folders or another width are known; kept in place as long as they deserve it. */
function useFolderColumns(snapshot: Snapshot, layout: Layout): readonly FolderColumn[] {
  const most = layout.fits ? layout.grid.cells : 0;
  const planned = plannedFolders(snapshot.requests);
  const [chosen, setChosen] = useState({most: 0, planned: 0, columns: [] as readonly FolderColumn[]});
  if (chosen.most === most && chosen.planned === planned) return chosen.columns;
  const columns = chooseColumns(chosen.columns, snapshot.requests, most);
  setChosen({most, planned, columns});
  return columns;
}
