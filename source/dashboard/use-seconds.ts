// The time in whole seconds, for clocks and countdowns.
import {useEffect, useState} from 'react';

/** `now()` cut to the second, renewed once a second while `isActive`. ms since 1970. */
export function useSeconds(now: () => number, isActive: boolean): number {
  const [seconds, setSeconds] = useState(() => Math.floor(now() / 1000));
  useEffect(() => {
    if (!isActive) return;
    const timer = setInterval(() => setSeconds(Math.floor(now() / 1000)), 1000);
    return () => clearInterval(timer);
  }, [now, isActive]);
  return seconds * 1000;
}
