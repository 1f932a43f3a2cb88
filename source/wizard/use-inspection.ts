// Looks into both mailboxes while the check is on the screen; leaving the screen calls it off.
import {useCallback, useEffect, useState} from 'react';
import type {Inspection} from '../engine/look/inspection.ts';
import type {Request} from '../request/schema.ts';
import type {Services} from '../services.ts';
import {inReadingOrder} from './folder-choice.ts';

export type Look =
  | {readonly phase: 'looking'}
  | {readonly phase: 'found'; readonly inspection: Inspection}
  /** A bug or a broken machine, not a mailbox that refuses: that is in the inspection's problems. */
  | {readonly phase: 'broken'; readonly sentence: string};

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `known`: an earlier look that still holds. `request` has to keep its identity from one drawing to the next. */
export function useInspection(services: Pick<Services, 'inspect'>, request: Request, known?: Inspection) {
  const [attempt, setAttempt] = useState(0);
  const [look, setLook] = useState<Look & {readonly attempt: number}>(
    known ? {phase: 'found', inspection: known, attempt} : {phase: 'looking', attempt},
  );
  const [first] = useState(known);
  useEffect(() => {
    if (first !== undefined && attempt === 0) return;
    const controller = new AbortController();
    services.inspect(request, controller.signal).then(
      inspection => {
        if (controller.signal.aborted) return;
        const folders = inReadingOrder(inspection.folders);
        setLook({phase: 'found', inspection: {...inspection, folders}, attempt});
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setLook({phase: 'broken', sentence: sentenceOf(error), attempt});
      },
    );
    return () => controller.abort();
  }, [services, request, attempt, first]);
  const again = useCallback(() => setAttempt(before => before + 1), []);
  const now: Look = look.attempt === attempt ? look : {phase: 'looking'};
  return {look: now, again};
}
