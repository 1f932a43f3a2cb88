// The time in whole seconds, for clocks and countdowns.
import {useEffect, useReducer, useRef} from 'react';

/**
 * `now()` cut to the second, ms since 1970. While `isActive`, draws again when nothing else has for a second: where
 * numbers move anyway, the clock costs no frame of its own.
 */
export function useSeconds(now: () => number, isActive: boolean): number {
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  const drawnAt = useRef(0);
  useEffect(() => {
    drawnAt.current = now();
  });
  useEffect(() => {
    if (!isActive) return;
    const timer = setInterval(() => {
      if (now() - drawnAt.current >= 900) drawAgain();
    }, 500);
    return () => clearInterval(timer);
  }, [now, isActive]);
  return Math.floor(now() / 1000) * 1000;
}
