// The keys that steer the run: what each asks of it, and what is said at once.
import {formatCount} from '../format/count.ts';
import {requestEnded} from '../progress/counted.ts';
import type {RequestSnapshot, Snapshot} from '../progress/snapshot.ts';
import type {RunControl} from '../services.ts';
import {foreign} from '../ui/cells.ts';
import type {Content} from './content.ts';
import type {Action} from './keys.ts';
import {selectedIndex, type ViewEvent} from './state.ts';

export type ControlAction = Extract<
  Action,
  'pause' | 'pause-one' | 'retry' | 'retry-one' | 'goes-next' | 'stop-one' | 'more' | 'fewer'
>;

type Context = {
  readonly snapshot: Snapshot;
  readonly content: Content;
  readonly control: RunControl;
  readonly dispatch: (event: ViewEvent) => void;
};

/** The mailbox that is open, or the one the pointer is on. */
function chosen(content: Content): RequestSnapshot | undefined {
  if (content.level !== 'users') return content.request;
  return content.requests[selectedIndex(content.list, content.keys)];
}

export function steer(action: ControlAction, {snapshot, content, control, dispatch}: Context): void {
  const say = (text: string) => dispatch({type: 'say', text});
  switch (action) {
    case 'pause':
      if (snapshot.paused) control.resume();
      else control.pause();
      return;
    case 'retry': {
      const failed = snapshot.requests.some(canRetry);
      if (failed) control.retryFailed();
      say(failed ? 'What failed is back in the queue.' : 'No mailbox has failed; nothing to retry.');
      return;
    }
    case 'more':
    case 'fewer':
      control.changeMailboxes(action === 'more' ? 1 : -1);
      dispatch({type: 'say', text: atOnceText});
      return;
    default: {
      const request = chosen(content);
      if (request === undefined) return;
      const said = steerOne(action, request, control);
      if (said === undefined) dispatch({type: 'ask', about: {stop: 'mailbox', request: request.request}});
      else say(said);
    }
  }
}

/** What to say; undefined where it has to be asked first. */
function steerOne(
  action: Exclude<ControlAction, 'pause' | 'retry' | 'more' | 'fewer'>,
  mailbox: RequestSnapshot,
  control: RunControl,
): string | undefined {
  const {request} = mailbox;
  const name = foreign(mailbox.source);
  const over = requestEnded(mailbox.state);
  switch (action) {
    case 'pause-one':
      if (over) return `${name} has ended; there is nothing to pause.`;
      if (mailbox.stopping !== undefined) return `${name} is being stopped.`;
      if (mailbox.paused) control.resume(request);
      else control.pause(request);
      return mailbox.paused ? `${name} goes on.` : `${name} is paused; space lets it go on.`;
    case 'retry-one':
      if (!over) return `${name} has not ended yet.`;
      if (!canRetry(mailbox) && mailbox.state !== 'Stopped') return `Nothing of ${name} has failed.`;
      control.retryFailed(request);
      return `${name} is back in the queue.`;
    case 'goes-next':
      if (mailbox.state !== 'Pending') return `${name} ${over ? 'has ended' : 'is at work'} already.`;
      control.first(request);
      return `${name} goes next.`;
    case 'stop-one':
      if (over) return `${name} has ended already.`;
      return mailbox.stopping === 'abort' ? `${name} is being stopped now.` : undefined;
  }
}

/** True where something of it failed and may arrive the next time. */
function canRetry({state, counts}: RequestSnapshot): boolean {
  return state === 'Failed' || state === 'Invalid' || (state === 'Processed' && counts.failed > 0);
}

function atOnceText({mailboxes, states}: Snapshot): string {
  const working = states.Verifying + states.Submitted + states.Processing;
  const limit = mailboxes ?? working;
  const more = working > limit ? `; ${formatCount(working)} are still at work` : '';
  return `${formatCount(limit)} at once from now on${more}.`;
}
