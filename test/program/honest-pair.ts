// Two servers that do nothing but what they are told to: john has a message at the one, and is let in at both.
import {onTestFinished} from 'vitest';
import {smallMail, startHostile} from '../servers/hostile.ts';

/** They end with the test. */
export async function startHonestPair() {
  const honest = () => undefined;
  const source = await startHostile('john@baya.com', {INBOX: [smallMail(1)]}, honest);
  onTestFinished(() => source.stop());
  const destination = await startHostile('john@vault.example', {}, honest);
  onTestFinished(() => destination.stop());
  return {source, destination};
}
