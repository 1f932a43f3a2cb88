// State for keys that follow each other faster than the screen is drawn: each key finds what the one before it left.
import {useRef, useState} from 'react';

/**
 * `useReducer` with a third part: the state as it is now, which may be newer than what was last drawn. Ask it where a
 * key decides something.
 */
export function useNow<State, Action>(
  reducer: (state: State, action: Action) => State,
  initial: State,
): readonly [state: State, dispatch: (action: Action) => void, now: () => State] {
  const latest = useRef(initial);
  const [drawn, setDrawn] = useState(initial);
  const dispatch = (action: Action) => {
    latest.current = reducer(latest.current, action);
    setDrawn(latest.current);
  };
  return [drawn, dispatch, () => latest.current];
}
