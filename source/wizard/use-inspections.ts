// Looks into the mailboxes of many requests, a few at a time, while the screen is open; leaving calls it off.
import {useCallback, useEffect, useState} from 'react';
import type {Inspection} from '../engine/inspection.ts';
import type {Request} from '../request/schema.ts';
import type {Services} from '../services.ts';
import {type Look, sentenceOf} from './use-inspection.ts';

export type RowLook = Look | {readonly phase: 'waiting'};

/** Sign-ins at once: servers count them, and a person reads no faster. */
export const looksAtOnce = 4;

/** A slot each request; `known` are earlier looks, of which only those that found something are kept. */
export function useInspections(
  services: Pick<Services, 'inspect'>,
  requests: readonly Request[],
  known: readonly RowLook[],
) {
  const [looks, setLooks] = useState<readonly RowLook[]>(() => startOf(requests, known));
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const {signal} = controller;
    const tell = (index: number, look: RowLook) => {
      if (!signal.aborted) setLooks(before => before.with(index, look));
    };
    const first = attempt === 0 ? startOf(requests, known) : startOf(requests, []);
    setLooks(first);
    const open = first.flatMap((look, index) => (look.phase === 'found' ? [] : [index])).values();
    const work = async () => {
      for (const index of open) {
        const request = requests[index];
        if (signal.aborted || request === undefined) return;
        tell(index, {phase: 'looking'});
        tell(index, await look(services, request, signal));
      }
    };
    for (let worker = 0; worker < looksAtOnce; worker++) void work();
    return () => controller.abort();
    // What was known counts at the first drawing only.
  }, [services, requests, attempt]);
  const again = useCallback(() => setAttempt(before => before + 1), []);
  return {looks, again};
}

async function look(
  services: Pick<Services, 'inspect'>,
  request: Request,
  signal: AbortSignal,
): Promise<RowLook> {
  try {
    const inspection: Inspection = await services.inspect(request, signal);
    return {phase: 'found', inspection};
  } catch (error) {
    return {phase: 'broken', sentence: sentenceOf(error)};
  }
}

function startOf(requests: readonly Request[], known: readonly RowLook[]): readonly RowLook[] {
  return requests.map((_, index): RowLook => {
    const before = known[index];
    return before?.phase === 'found' ? before : {phase: 'waiting'};
  });
}
