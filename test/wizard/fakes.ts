// Stand-ins for what the screens ask of the rest of the program.
import {normalize} from 'node:path/posix';
import type {PlannedFolder} from '../../source/engine/events.ts';
import type {Inspection} from '../../source/engine/look/inspection.ts';
import type {Profile} from '../../source/profiles/profile.ts';
import {profileSchema} from '../../source/profiles/profile.ts';
import type {LastAnswers} from '../../source/profiles/store.ts';
import type {FieldRules} from '../../source/request/field-rules.ts';
import {withoutSecrets} from '../../source/request/without-secrets.ts';
import type {MicrosoftPort} from '../../source/services.ts';
import type {Entry, FilesPort, ProfilesPort} from '../../source/wizard/ports.ts';

export const rules: FieldRules = {passwordPolicy: 'off', allowPlaintext: false};

/** Nobody has to sign in, unless a test says so. */
export function fakeMicrosoft(over: Partial<MicrosoftPort> = {}): MicrosoftPort {
  return {
    needed: async () => [],
    forget: async () => undefined,
    openPage: () => false,
    kept: () => 'It counts until mailferry ends.',
    now: () => 0,
    ...over,
  };
}

export function planned(folder: number, source: string, more: Partial<PlannedFolder> = {}): PlannedFolder {
  return {
    folder,
    source,
    destination: `Data17012018/${source}`,
    selected: more.reason === undefined,
    messages: 10,
    bytes: 1_000_000,
    notes: [],
    ...more,
  };
}

export const inspection: Inspection = {
  source: {
    login: 'john@baya.com',
    server: 'outlook.office365.com:993',
    folders: 5,
    messages: 18_204,
    bytes: 3_100_000_000,
  },
  destination: {login: 'john@vault', server: 'vault.example:993', folders: 2, messages: 0, freeBytes: 12e9},
  folders: [
    planned(0, 'INBOX', {messages: 4210, bytes: 900_000_000}),
    planned(1, 'Projects', {messages: 30}),
    planned(2, 'Projects/2019', {messages: 12}),
    planned(3, 'Calendar', {messages: 311, reason: 'calendar, not mail (rule of the request)'}),
    planned(4, 'Deleted Items', {messages: 1902, reason: 'mail moved to Trash (rule of the request)'}),
  ],
  problems: [
    {
      code: 'message-too-large',
      scope: 'message',
      verdict: 'skip',
      sentence: '3 messages are larger than the destination takes.',
      nextStep: 'Find them in the report afterwards.',
    },
  ],
};

export const refused: Inspection = {
  ...(inspection.destination ? {destination: inspection.destination} : {}),
  folders: [],
  problems: [
    {
      code: 'sign-in-refused',
      scope: 'mailbox',
      verdict: 'stop',
      sentence: 'outlook.office365.com refuses the sign-in of john@baya.com.',
      nextStep: 'Check the user id and the password.',
      detail: 'NO AUTHENTICATE failed. \u001B[31mred',
    },
  ],
};

export type FakeProfiles = ProfilesPort & {readonly kept: Map<string, Profile>};

export function fakeProfiles(kept: ReadonlyMap<string, Profile> = new Map()): FakeProfiles {
  const map = new Map(kept);
  let last: LastAnswers = {type: '', answers: {}};
  return {
    kept: map,
    list: () => [...map].map(([name, profile]) => ({name, profile})),
    get: name => map.get(name),
    remove: name => map.delete(name),
    lastAnswers: () => last,
    rememberAnswers(answers) {
      const {type = ''} = answers;
      last = {type, answers: {...last.answers, [type]: withoutSecrets(answers)}};
    },
    save(name, profile) {
      map.set(name, profileSchema.parse(profile));
    },
  };
}

/** Files by absolute path, without dots; what is written stands among them. */
export function fakeFiles(files: Record<string, string>): FilesPort {
  return {
    home: '/home/john',
    workingDirectory: '/desk',
    isSame: async (one, other) => normalize(one) === normalize(other),
    async read(path) {
      const text = files[normalize(path)];
      if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), {code: 'ENOENT'});
      return new TextEncoder().encode(text);
    },
    async write(typed, bytes, replace) {
      const path = normalize(typed);
      if (replace === false && files[path] !== undefined)
        throw Object.assign(new Error(`EEXIST: ${path}`), {code: 'EEXIST'});
      if (typeof replace === 'object' && files[path] !== new TextDecoder().decode(replace.only))
        throw Object.assign(new Error(`ECHANGED: ${path}`), {code: 'ECHANGED'});
      files[path] = new TextDecoder().decode(bytes);
    },
    async list(directory) {
      const top = directory.endsWith('/') ? directory : `${directory}/`;
      const entries = new Map<string, Entry>();
      for (const path of Object.keys(files)) {
        if (!path.startsWith(top)) continue;
        const [name = '', ...rest] = path.slice(top.length).split('/');
        entries.set(name, {name, isDirectory: rest.length > 0});
      }
      return [...entries.values()];
    },
  };
}
