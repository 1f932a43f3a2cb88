// Signing people in outside the screens: the code or the address goes to standard error, then the program waits.
import type {SignInPrompt} from '../engine/auth/msal.ts';
import type {NeededSignIn} from '../engine/auth/sign-ins.ts';
import {problemFromError} from '../engine/problems/from-error.ts';
import {duration} from '../engine/problems/words.ts';
import {cleanText} from '../format/clean.ts';
import {needsPerson} from '../request/personal.ts';
import type {Request} from '../request/schema.ts';
import {keptWords} from './microsoft.ts';
import type {RunParts} from './start-run.ts';
import {Cancelled, UsageProblem} from './system.ts';

/**
 * Has everybody sign in whom the requests need. Who does not is told why, and their mailboxes fail later, by name.
 * @throws UsageProblem where nobody may be asked; Cancelled where it is called off
 */
export async function signInPeople(requests: readonly Request[], parts: RunParts): Promise<void> {
  const {system, options, signIns, ca} = parts;
  if (!needsPerson(requests)) return;
  const stop = new AbortController();
  const release = system.onStopSignal(() => stop.abort());
  try {
    const needed = await signIns.needed(requests, ca, stop.signal);
    if (needed.length > 0 && options.noInput) throw new UsageProblem(refusal(needed));
    for (const each of needed) await signIn(each, parts, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) throw new Cancelled('Cancelled; nothing was copied.');
    throw error;
  } finally {
    release();
  }
}

async function signIn(needed: NeededSignIn, {system, signIns}: RunParts, signal: AbortSignal): Promise<void> {
  const {stderr, now} = system;
  const who = cleanText(needed.user);
  try {
    await needed.signIn(prompt => {
      const opened = prompt.kind === 'browser' && system.openPage(prompt.address);
      stderr.write(promptText(needed, prompt, opened, now()));
    }, signal);
    stderr.write(`${who} is signed in. ${keptWords(signIns.keptIn)}\n`);
  } catch (error) {
    signal.throwIfAborted();
    const problem = problemFromError(error, {
      end: 'source',
      login: needed.user,
      server: '',
      during: 'sign-in',
      auth: needed.method,
      provider: 'o365',
    });
    const said = [problem.sentence, problem.nextStep, problem.detail && `(${problem.detail})`];
    stderr.write(`${said.filter(text => text !== undefined && text !== '').join('\n  ')}\n`);
  }
}

/** What the person has to do. */
export function promptText(
  {user, mailboxes}: Pick<NeededSignIn, 'user' | 'mailboxes'>,
  prompt: SignInPrompt,
  opened: boolean,
  now: number,
): string {
  const others = mailboxes
    .filter(name => name.toLowerCase() !== user.toLowerCase())
    .map(name => cleanText(name));
  const whose =
    others.length === 0
      ? ''
      : `, for ${others.slice(0, 5).join(', ')}${others.length > 5 ? ' and others' : ''}`;
  const left = duration(prompt.expires - now);
  const who = `Sign in to Microsoft as ${cleanText(user)}${whose}:`;
  return prompt.kind === 'device'
    ? `${who}\n  open ${prompt.address} in any browser and type the code ${prompt.code}\nWaiting for up to ${left}; Ctrl+C calls it off.\n`
    : `${who}\n  ${opened ? 'your browser opens' : 'open in a browser on this machine'}\n  ${prompt.short}\nWaiting for up to ${left}; Ctrl+C calls it off. On a machine without a browser use oauth-device.\n`;
}

function refusal(needed: readonly NeededSignIn[]): string {
  const named = needed.slice(0, 20).map(({user, method}) => `  ${cleanText(user)} (${method})`);
  if (needed.length > named.length) named.push(`  and ${needed.length - named.length} more`);
  return [
    'Somebody has to sign in to Microsoft, and --no-input says that nobody is there:',
    ...named,
    'Run it once without --no-input, or use app-only sign-in: auth oauth-app with MAILFERRY_CLIENT_ID, MAILFERRY_TENANT and MAILFERRY_CLIENT_SECRET or MAILFERRY_CLIENT_CERTIFICATE.',
  ].join('\n');
}
