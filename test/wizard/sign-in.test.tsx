// Signing in to Microsoft before anything opens a mailbox: what is shown, and that it goes on by itself.
import {Text} from 'ink';
import {afterEach, describe, expect, it, vi} from 'vitest';
import type {SignInPrompt} from '../../source/engine/auth/msal.ts';
import {SignInRefused} from '../../source/engine/auth/sign-in-refused.ts';
import type {NeededSignIn} from '../../source/engine/auth/sign-ins.ts';
import type {Request} from '../../source/request/schema.ts';
import {SignInGate} from '../../source/wizard/sign-in.tsx';
import {cleanup, misfits, renderScreen} from '../helpers/render.tsx';
import {officeEnd} from '../servers/identity/place.ts';
import {fakeMicrosoft} from './fakes.ts';

afterEach(cleanup);

const request = {
  source: officeEnd({auth: 'oauth-device'}),
  destination: officeEnd({auth: 'password'}),
} as Request;
const device: SignInPrompt = {
  kind: 'device',
  code: 'BCDFG7QRS',
  address: 'https://microsoft.com/devicelogin',
  expires: 872_000,
};
const browser: SignInPrompt = {
  kind: 'browser',
  address: `https://login.microsoftonline.com/baya.com/oauth2/v2.0/authorize?${'x'.repeat(600)}`,
  short: 'http://localhost:50123/sign-in',
  expires: 872_000,
};

/** A sign-in that the test ends. */
function person(user: string, prompt: SignInPrompt = device, mailboxes = [user]) {
  const tries: {signal: AbortSignal; done: PromiseWithResolvers<void>}[] = [];
  const needed: NeededSignIn = {
    user,
    method: prompt.kind === 'device' ? 'oauth-device' : 'oauth-browser',
    mailboxes,
    signIn: (show, signal) => {
      const done = Promise.withResolvers<void>();
      tries.push({signal, done});
      show(prompt);
      return done.promise;
    },
  };
  return {needed, tries};
}

function open(
  needed: readonly NeededSignIn[],
  {columns = 80, rows = 24, requests = [request], openPage = (): boolean => false} = {},
) {
  const onBack = vi.fn();
  const asked = vi.fn(async () => needed);
  const screen = renderScreen(
    <SignInGate
      requests={requests}
      microsoft={fakeMicrosoft({needed: asked, openPage})}
      columns={columns}
      rows={rows}
      onBack={onBack}
    >
      <Text>the mailboxes are opened</Text>
    </SignInGate>,
    {columns, rows},
  );
  return {screen, onBack, asked};
}

describe('signing in to Microsoft', () => {
  it('shows the code, the address and the time left, and goes on by itself', async () => {
    const {needed, tries} = person('john@baya.com');
    const {screen} = open([needed]);
    const frame = await screen.waitFor('BCDFG7QRS');
    expect(frame).toContain('Sign in to Microsoft as john@baya.com');
    expect(frame).toContain('https://microsoft.com/devicelogin');
    expect(frame).toMatch(/14:32 left/);
    expect(frame).toContain('It counts until mailferry ends.');
    tries[0]?.done.resolve();
    await screen.waitFor('the mailboxes are opened');
  });

  it.each([
    [60, 20],
    [80, 24],
    [120, 40],
  ])('fits %i columns and %i rows, also with many names and a long address', async (columns, rows) => {
    const names = Array.from({length: 30}, (_, index) => `shared-mailbox-number-${index}@baya.com`);
    const first = person('an-administrator-with-a-long-name@baya.onmicrosoft.com', browser, names);
    const others = names.map(name => person(name).needed);
    const {screen} = open([first.needed, ...others], {columns, rows});
    await screen.waitFor('http://localhost:50123/sign-in');
    expect(misfits(screen.frame(), columns, rows)).toEqual([]);
    expect(screen.frame()).toContain('1 of 31');
    expect(screen.frame()).toContain('14:32 left');
  });

  it('opens the browser where there is one, and says so', async () => {
    const openPage = vi.fn(() => true);
    const {needed} = person('john@baya.com', browser);
    const {screen} = open([needed], {openPage});
    await screen.waitFor('Your browser should show the page now');
    expect(openPage).toHaveBeenCalledExactlyOnceWith(browser.address);
  });

  it('is called off with esc, and nobody waits any more', async () => {
    const {needed, tries} = person('john@baya.com');
    const {screen, onBack} = open([needed]);
    await screen.waitFor('BCDFG7QRS');
    await screen.press('esc');
    expect(onBack).toHaveBeenCalledOnce();
    screen.unmount();
    expect(tries[0]?.signal.aborted).toBe(true);
  });

  it('says why it did not succeed; then it is tried again, or left', async () => {
    const {needed, tries} = person('john@baya.com');
    const {screen} = open([needed, person('ann@baya.com').needed]);
    await screen.waitFor('BCDFG7QRS');
    const refused = new SignInRefused({
      oauthError: 'invalid_grant',
      description: 'AADSTS53003: Blocked by \u001b[31mConditional Access.',
    });
    tries[0]?.done.reject(refused);
    await screen.waitFor('Conditional Access');
    expect(screen.frame()).not.toContain('BCDFG7QRS');
    await screen.press('r');
    await screen.waitFor('BCDFG7QRS');
    expect(tries).toHaveLength(2);
    tries[1]?.done.reject(refused);
    await screen.waitFor('Conditional Access');
    await screen.press('s');
    await screen.waitFor('ann@baya.com');
    expect(screen.frame()).toContain('2 of 2');
  });

  it('is not seen where nobody has to sign in', async () => {
    const requests = [{source: officeEnd(), destination: officeEnd({auth: 'password'})} as Request];
    const {screen, asked} = open([], {requests});
    expect(screen.frame()).toContain('the mailboxes are opened');
    expect(asked).not.toHaveBeenCalled();
  });
});
