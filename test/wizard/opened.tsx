// The wizard on a screen of its own, with stand-ins for everything outside.
import {vi} from 'vitest';
import type {Inspection} from '../../source/engine/look/inspection.ts';
import {profileSchema} from '../../source/profiles/profile.ts';
import type {Request} from '../../source/request/schema.ts';
import type {MicrosoftPort} from '../../source/services.ts';
import {Wizard} from '../../source/wizard/wizard.tsx';
import {renderScreen, type Screen} from '../helpers/render.tsx';
import {fakeMicrosoft, fakeProfiles, inspection, rules} from './fakes.ts';

type Options = {
  readonly columns?: number;
  readonly rows?: number;
  readonly inspect?: (request: Request, signal: AbortSignal) => Promise<Inspection>;
  readonly microsoft?: MicrosoftPort;
  readonly putSecret?: () => Promise<void>;
  readonly last?: Record<string, string>;
  readonly saved?: {readonly name: string; readonly answers: Record<string, string>};
};

export function open({
  columns = 80,
  rows = 24,
  inspect = async () => inspection,
  microsoft = fakeMicrosoft(),
  putSecret = async () => undefined,
  last,
  saved,
}: Options = {}) {
  const onLeave = vi.fn();
  const onStart = vi.fn<(requests: readonly Request[], from: string) => void>();
  const profiles = fakeProfiles();
  if (last !== undefined) profiles.rememberAnswers(last);
  const spied = vi.fn(inspect);
  const profile = saved && profileSchema.parse({kind: 'request', answers: saved.answers});
  const keepSecret = vi.fn(putSecret);
  const services = {inspect: spied, microsoft, keepSecret};
  const screen = renderScreen(
    <Wizard
      services={services}
      profiles={profiles}
      rules={rules}
      columns={columns}
      rows={rows}
      onLeave={onLeave}
      onStart={onStart}
      {...(saved && profile?.kind === 'request' ? {saved: {name: saved.name, profile}} : {})}
    />,
    {columns, rows},
  );
  return {screen, onLeave, onStart, profiles, inspect: spied, keepSecret};
}

/** From the first question to the filters. */
export async function answerAll(screen: Screen) {
  await screen.press('enter');
  await screen.type('john@baya.com');
  await screen.press('tab', 'enter');
  await screen.type('hunter2');
  await screen.press('enter');
  await screen.type('john');
  await screen.press('tab');
  await screen.type('vault.example');
  await screen.press('enter');
  await screen.type('s3cret!');
  await screen.press('enter');
  await screen.type('imap.vault.example');
  await screen.press('tab', 'tab', 'tab');
  await screen.type('Data17012018');
  await screen.press('enter');
}

export const savedAnswers = {
  type: 'O365-IMAP',
  sourceUserId: 'john',
  sourceDomain: 'baya.com',
  destinationUserId: 'john',
  destinationDomain: 'vault.example',
  destinationServer: 'vault.example',
};
