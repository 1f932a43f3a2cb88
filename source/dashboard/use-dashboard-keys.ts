// From keys to what they do: moves and levels go to the view, the rest to the run.
import type {Snapshot} from '../progress/snapshot.ts';
import type {RunControl} from '../services.ts';
import type {Binding} from '../ui/keys.ts';
import {useKeys} from '../ui/use-keys.ts';
import {type Content, frozenOrder} from './content.ts';
import {steer} from './control-keys.ts';
import {folderListHeight} from './folder-screen.tsx';
import {type Action, bindingsFor, confirmBindings, filterBindings, helpBindings} from './keys.ts';
import type {Layout} from './layout.ts';
import {hasEnded} from './progress.ts';
import {isNarrowed, levelOf, selectedIndex, type View, type ViewEvent} from './state.ts';
import {userListHeight} from './user-screen.tsx';

/** The bindings of the level that is open. */
export function placeBindings(
  snapshot: Snapshot,
  view: View,
  content: Content,
  control: RunControl,
): readonly Binding<Action>[] {
  return bindingsFor({
    level: content.level,
    ended: hasEnded(snapshot),
    single: snapshot.requests.length === 1,
    paused: snapshot.paused,
    stopping: snapshot.stopping !== undefined,
    detachable: control.detach !== undefined,
    narrowed: isNarrowed(view.lists[content.level]),
  });
}

type KeyContext = {
  readonly snapshot: Snapshot;
  readonly view: View;
  readonly dispatch: (event: ViewEvent) => void;
  readonly content: Content;
  readonly layout: Layout;
  readonly control: RunControl;
  readonly time: number;
  readonly onLeave: () => void;
};

/** Hooks up the keys of what is open now and returns their bindings, for the footer. */
export function useDashboardKeys(context: KeyContext): readonly Binding[] {
  const {snapshot, view, dispatch, content, control} = context;
  const place = placeBindings(snapshot, view, content, control);
  const {asking} = view;
  const questions = confirmBindings(asking?.stop === 'run' && control.detach !== undefined);
  const mode = asking ? 'confirm' : view.typing ? 'filter' : view.help ? 'help' : 'place';
  const stopOrLeave = () => {
    if (hasEnded(snapshot)) context.onLeave();
    else control.stop();
  };

  useKeys({
    bindings: place,
    isActive: mode === 'place',
    onAction: action => act(action, context, stopOrLeave),
  });
  useKeys({
    bindings: questions,
    isActive: mode === 'confirm',
    onAction: answer => {
      dispatch({type: 'answered'});
      if (answer === 'detach') control.detach?.();
      else if (answer === 'yes' && asking?.stop === 'mailbox') control.stop(asking.request);
      else if (answer !== 'no') stopOrLeave();
    },
  });
  useKeys({
    bindings: filterBindings,
    isActive: mode === 'filter',
    onAction: action => {
      if (action === 'stop') stopOrLeave();
      else dispatch({type: action === 'keep' ? 'filter-keep' : 'filter-clear'});
    },
    text: {
      edit: key => {
        if (key !== 'backspace' && key !== 'delete') return false;
        dispatch({type: 'filter-rub'});
        return true;
      },
      insert: text => dispatch({type: 'filter-text', text}),
    },
  });
  useKeys({
    bindings: helpBindings,
    isActive: mode === 'help',
    onAction: action => {
      if (action === 'stop') stopOrLeave();
      else dispatch({type: 'help'});
    },
  });
  return {confirm: questions, filter: filterBindings, help: helpBindings, place}[mode];
}

function act(action: Action, context: KeyContext, stopOrLeave: () => void): void {
  const {snapshot, view, dispatch, content, layout, control, time} = context;
  switch (action) {
    case 'open': {
      const key = content.keys[selectedIndex(view.lists[levelOf(view)], content.keys)];
      if (key !== undefined) dispatch({type: 'open', key});
      return;
    }
    case 'back':
    case 'only-failures':
    case 'help':
      dispatch({type: action});
      return;
    case 'filter':
      dispatch({type: 'filter-open'});
      return;
    case 'sort':
      dispatch({type: 'sort', frozen: order => frozenOrder(snapshot, content, order)});
      return;
    case 'pause':
    case 'pause-one':
    case 'retry':
    case 'retry-one':
    case 'goes-next':
    case 'stop-one':
    case 'more':
    case 'fewer':
      steer(action, context);
      return;
    case 'detach':
      control.detach?.();
      return;
    case 'quit':
      dispatch({type: 'ask', about: {stop: 'run'}});
      return;
    case 'stop':
      stopOrLeave();
      return;
    case 'leave':
      context.onLeave();
      return;
    default: {
      const height = layout.fits ? listHeight(content, layout, time) : 1;
      dispatch({type: 'move', move: action, rows: {keys: content.keys, height}});
      return;
    }
  }
}

function listHeight(content: Content, layout: Extract<Layout, {fits: true}>, time: number): number {
  if (content.level === 'users') return layout.bands.list;
  if (content.level === 'user') return userListHeight(content.request, layout, time);
  return folderListHeight(content.folder, layout);
}
