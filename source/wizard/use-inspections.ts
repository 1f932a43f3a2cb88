// Looks into the mailboxes of many requests, some at a time, while the screen is open; leaving calls it off. As
// `mailferry check` does: a server that refuses one after the other is left alone, and all together tell more.
import {useCallback, useEffect, useMemo, useState} from 'react';
import {looksAtOnce} from '../check/at-once.ts';
import {SignInGuard} from '../engine/link/sign-in-guard.ts';
import {diagnose} from '../engine/look/diagnose.ts';
import type {Inspection} from '../engine/look/inspection.ts';
import type {Request} from '../request/schema.ts';
import type {Services} from '../services.ts';
import {type Look, sentenceOf} from './use-inspection.ts';

export type RowLook = Look | {readonly phase: 'waiting'};

/**
 * A slot each request; `known` are earlier looks, of which only those that found something are kept. `told` are the
 * same looks with the causes that all of them together prove, once none is open any more.
 */
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
    const guard = new SignInGuard();
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
        tell(index, await look(services, request, signal, guard));
      }
    };
    for (let worker = 0; worker < looksAtOnce; worker++) void work();
    return () => controller.abort();
    // What was known counts at the first drawing only.
  }, [services, requests, attempt]);
  const again = useCallback(() => setAttempt(before => before + 1), []);
  const told = useMemo(() => diagnosed(requests, looks), [requests, looks]);
  return {looks, told, again};
}

function diagnosed(requests: readonly Request[], looks: readonly RowLook[]): readonly RowLook[] {
  if (looks.some(({phase}) => phase === 'waiting' || phase === 'looking')) return looks;
  const found = looks.flatMap((look, index) => {
    const what = requests[index];
    return look.phase === 'found' && what !== undefined ? [{index, what, inspection: look.inspection}] : [];
  });
  const causes = new Map(diagnose(found).map(({index, inspection}) => [index, inspection]));
  return looks.map((look, index) => {
    const inspection = causes.get(index);
    return inspection === undefined ? look : {phase: 'found', inspection};
  });
}

async function look(
  services: Pick<Services, 'inspect'>,
  request: Request,
  signal: AbortSignal,
  guard: SignInGuard,
): Promise<RowLook> {
  try {
    const inspection: Inspection = await services.inspect(request, signal, guard);
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
