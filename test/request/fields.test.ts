import {describe, expect, test} from 'vitest';
import {buildRequest} from '../../source/request/build-request.ts';
import {checkField} from '../../source/request/check-field.ts';
import {defaultFor, loginName} from '../../source/request/endpoint.ts';
import type {FieldRules} from '../../source/request/field-rules.ts';
import type {Answers, FieldKey} from '../../source/request/fields.ts';
import {reservedFolderNames} from '../../source/request/folder-rules.ts';
import {requestSchema} from '../../source/request/schema.ts';

const rules: FieldRules = {passwordPolicy: 'advise', allowPlaintext: false};

const toImap: Answers = {
  type: 'O365-IMAP',
  sourceUserId: 'john',
  sourceDomain: 'baya.com',
  destinationUserId: 'vault',
  destinationServer: 'vault.example',
};
const fromImap: Answers = {
  type: 'IMAP-O365',
  sourceUserId: 'john',
  sourceServer: 'imap.example.com',
  destinationUserId: 'john',
  destinationDomain: 'baya.com',
  destinationFolder: 'Data17012018',
};

function built(answers: Answers, withRules = rules) {
  const result = buildRequest(answers, withRules);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.request;
}

function severity(key: FieldKey, answers: Answers, withRules = rules) {
  return checkField(key, answers, withRules)?.severity;
}

describe('defaults', () => {
  test('fill in the request form: Office 365 server, port 993, TLS, title', () => {
    const request = built(toImap);
    expect(request.source).toMatchObject({
      server: 'outlook.office365.com',
      port: 993,
      security: 'tls',
      auth: 'password',
      secret: {kind: 'ask'},
    });
    expect(request.destination).toMatchObject({provider: 'imap', domain: '', port: 993});
    expect(request.title).toBe('john@baya.com to vault');
    expect(request.destinationFolder).toBe('');
    expect(loginName(request.source)).toBe('john@baya.com');
    expect(loginName(request.destination)).toBe('vault');
  });

  test('follow the other answers', () => {
    const vault = {...toImap, type: 'O365-VAULTASTIC', destinationDomain: 'baya-com.vaultastic.com'};
    expect(defaultFor('destinationServer', vault)).toBe('baya-com.vaultastic.com');
    expect(defaultFor('destinationPort', vault)).toBe('3817');
    expect(defaultFor('sourceServer', {type: 'GMAIL-O365'})).toBe('imap.gmail.com');
    expect(defaultFor('destinationPort', {...toImap, destinationSecurity: 'starttls'})).toBe('143');
    expect(defaultFor('destinationSecurity', {...toImap, destinationPort: '143'})).toBe('starttls');
  });

  test('an empty answer counts as none, blanks around one do not count', () => {
    expect(
      built({...toImap, sourceServer: ' ', sourcePort: ' 1993 ', sourceUserId: ' john '}).source,
    ).toMatchObject({
      server: 'outlook.office365.com',
      port: 1993,
      userId: 'john',
    });
  });
});

describe('user id and domain', () => {
  test('a user id with the domain is refused, with the fix that splits it', () => {
    const finding = checkField('sourceUserId', {...toImap, sourceUserId: 'john@Baya.com'}, rules);
    expect(finding).toMatchObject({
      severity: 'error',
      fix: {label: 'use john, baya.com', answers: {sourceUserId: 'john', sourceDomain: 'baya.com'}},
    });
    expect(checkField('sourceUserId', {...toImap, ...finding?.fix?.answers}, rules)).toBeUndefined();
    expect(checkField('destinationUserId', {...toImap, destinationUserId: 'john@'}, rules)?.fix?.label).toBe(
      'use john',
    );
    expect(severity('destinationUserId', {...toImap, destinationUserId: 'a@b'})).toBe('error');
  });

  test.each(['', 'jo hn', 'john\u001b[2J', 'john\u202e', '@baya.com'])('user id %j is refused', userId => {
    expect(severity('sourceUserId', {...toImap, sourceUserId: userId})).toBe('error');
  });

  test('only a generic IMAP end may go without a domain', () => {
    expect(severity('sourceDomain', {...toImap, sourceDomain: ''})).toBe('error');
    expect(severity('destinationDomain', toImap)).toBeUndefined();
    expect(severity('destinationDomain', {...toImap, type: 'O365-GMAIL'})).toBe('error');
  });

  test.each([
    'baya',
    'baya..com',
    '-baya.com',
    'baya.com-',
    'ba ya.com',
    'baya.123',
    `${'a'.repeat(64)}.com`,
    'x_y.com',
  ])('%j is no domain', domain =>
    expect(severity('sourceDomain', {...toImap, sourceDomain: domain})).toBe('error'),
  );

  test('an international domain is one; one with the @ before it is mended', () => {
    expect(severity('sourceDomain', {...toImap, sourceDomain: 'bücher.example'})).toBeUndefined();
    expect(checkField('sourceDomain', {...toImap, sourceDomain: '@baya.com'}, rules)?.fix?.answers).toEqual({
      sourceDomain: 'baya.com',
    });
  });

  test('the same mailbox at both ends is refused', () => {
    const self = {...fromImap, type: 'O365-O365', sourceServer: '', sourceDomain: 'BAYA.com'};
    expect(checkField('destinationUserId', self, rules)?.sentence).toMatch(/same mailbox/);
    expect(buildRequest({...self, sourceUserId: 'ann'}, rules).ok).toBe(true);
  });
});

describe('server, port, security', () => {
  test.each(['outlook.office365.com', '192.0.2.7', '2001:db8::1', 'mail_relay', 'localhost'])(
    '%j is a server',
    server => {
      expect(severity('sourceServer', {...toImap, sourceServer: server})).toBeUndefined();
    },
  );

  test.each(['300.1.2.3', '1.2.3', 'a b', 'host..name', 'x/y', 'ho\u0000st', '[::1'])(
    '%j is no server',
    server => {
      expect(severity('sourceServer', {...toImap, sourceServer: server})).toBe('error');
    },
  );

  test('what was pasted from an address bar is mended', () => {
    const fixOf = (server: string) =>
      checkField('sourceServer', {...toImap, sourceServer: server}, rules)?.fix?.answers;
    expect(fixOf('imaps://imap.example.com:1993/')).toEqual({
      sourceServer: 'imap.example.com',
      sourcePort: '1993',
    });
    expect(fixOf('[::1]')).toEqual({sourceServer: '::1'});
  });

  test('a generic IMAP end needs its server named', () => {
    expect(severity('destinationServer', {...toImap, destinationServer: ''})).toBe('error');
  });

  test.each(['0', '65536', '-1', '9.5', '1e3', '993 993', 'imaps', '99999999999'])(
    'port %j is refused',
    port => {
      expect(severity('sourcePort', {...toImap, sourcePort: port})).toBe('error');
    },
  );

  test.each(['1', '65535', '3817'])('port %j is taken', port => {
    expect(severity('sourcePort', {...toImap, sourcePort: port})).toBeUndefined();
  });

  test('security none is for this machine, unless it is allowed', () => {
    const none = {...toImap, destinationSecurity: 'none'};
    expect(severity('destinationSecurity', none)).toBe('error');
    expect(severity('destinationSecurity', none, {...rules, allowPlaintext: true})).toBeUndefined();
    for (const server of [
      'localhost',
      '127.0.0.1',
      '127.8.9.1',
      '::1',
      '0:0:0:0:0:0:0:1',
      '::ffff:127.0.0.1',
    ]) {
      expect(severity('destinationSecurity', {...none, destinationServer: server})).toBeUndefined();
    }
    for (const server of [
      '128.0.0.1',
      'localhost.example.com',
      '127.0.0.1.example.com',
      'notlocalhost',
      '::2',
      '::ffff:128.0.0.1',
    ]) {
      expect(severity('destinationSecurity', {...none, destinationServer: server})).toBe('error');
    }
    expect(severity('destinationSecurity', {...toImap, destinationSecurity: 'ssl'})).toBe('error');
  });
});

describe('destination folder', () => {
  const check = (folder: string) =>
    checkField('destinationFolder', {...fromImap, destinationFolder: folder}, rules);

  test('is needed where Office 365 is the destination, and only there', () => {
    expect(check('')?.severity).toBe('error');
    expect(severity('destinationFolder', toImap)).toBeUndefined();
  });

  test.each(reservedFolderNames)('%s is reserved at the first level, in any case', name => {
    expect(check(name.toUpperCase())?.severity).toBe('error');
    expect(check(`${name.toLowerCase()}/2018`)?.severity).toBe('error');
    expect(check(`Data/${name}`)).toBeUndefined();
    expect(check(`${name} 2018`)).toBeUndefined();
    expect(severity('destinationFolder', {...toImap, destinationFolder: name})).toBe('error');
  });

  test('the request form reserves six names, Exchange fourteen', () => {
    for (const name of ['Drafts', 'Trash', 'Spam', 'Chat', 'Quarantine', 'Archive', 'RSS Feeds', 'Files']) {
      expect(reservedFolderNames).toContain(name);
    }
    expect(reservedFolderNames).toHaveLength(20);
  });

  test("a provider's own names are reserved there", () => {
    const gmail = {...toImap, type: 'O365-GMAIL', destinationFolder: '[gmail]/Old'};
    expect(severity('destinationFolder', gmail)).toBe('error');
  });

  test.each([
    ' Data',
    'Data ',
    '/Data',
    'Data/',
    'a//b',
    'a/ b',
    'a\nb',
    'a\u0000',
    'a*',
    'a%b',
    '..',
    'x'.repeat(256),
    '\ud800',
  ])('%j is refused', folder => expect(check(folder)?.severity).toBe('error'));

  test.each(['Data17012018', 'Größe & Maß', '日本語/2018', 'a.b', 'a|b', 'a\\b', 'INBOXES'])(
    '%j is taken',
    folder => {
      expect(check(folder)).toBeUndefined();
    },
  );

  test('every fix offered is taken by the rule', () => {
    for (const folder of [' Data ', '/a//b/', 'archive', 'Trash/', 'a/ b']) {
      const fix = check(folder)?.fix?.answers.destinationFolder;
      expect(fix).toBeDefined();
      expect(check(fix ?? '')).toBeUndefined();
    }
  });
});

describe('filters', () => {
  test.each(['2019-02-29', '2019-13-01', '2019-1-1', '01-02-2019', '2019-01-01T00:00', 'yesterday'])(
    '%j is no day',
    day => expect(severity('since', {...toImap, since: day})).toBe('error'),
  );

  test('since must be before before; equal days select nothing', () => {
    const period = (since: string, before: string) => buildRequest({...toImap, since, before}, rules);
    expect(period('2020-02-29', '2020-03-01').ok).toBe(true);
    const same = period('2020-03-01', '2020-03-01');
    expect(same.ok ? [] : same.findings.filter(({finding}) => finding.severity === 'error')).toHaveLength(1);
    expect(period('2020-03-02', '2020-03-01').ok).toBe(false);
  });

  test.each([
    ['2019/2/1', '2019-02-01'],
    ['2019. 02. 01.', '2019-02-01'],
    ['31.01.2019', '2019-01-31'],
    ['1/31/2019', '2019-01-31'],
    ['31-1-2019', '2019-01-31'],
    ['31. 1. 2019', '2019-01-31'],
    ['05.05.2019', '2019-05-05'],
  ])('%j can be one day only, and is mended', (text, day) => {
    expect(checkField('before', {...toImap, before: text}, rules)?.fix).toEqual({
      label: `use ${day}`,
      sure: true,
      answers: {before: day},
    });
  });

  test.each(['04.03.2019', '3/4/2019', '31.02.2019', '31.13.2019', '31.01.19', '0.1.2019', '31/01/2562'])(
    '%j can be another day, or is none',
    text => {
      expect(checkField('before', {...toImap, before: text}, rules)).toEqual({
        severity: 'error',
        sentence: expect.any(String),
      });
    },
  );

  test('a source folder keeps its blanks: it is an exact name', () => {
    expect(built({...toImap, sourceFolder: 'Projects /2019'}).sourceFolder).toBe('Projects /2019');
    expect(severity('sourceFolder', {...toImap, sourceFolder: 'a//b'})).toBe('error');
  });
});

test('every error is told at once, each at its field', () => {
  const result = buildRequest(
    {
      ...fromImap,
      sourceUserId: 'john@example.com',
      sourceServer: 'a b',
      sourcePort: '0',
      destinationDomain: '',
      destinationFolder: 'Inbox',
      since: '2019-02-30',
      title: 'a\nb',
    },
    rules,
  );
  expect(
    result.ok ? [] : result.findings.filter(each => each.finding.severity === 'error').map(each => each.key),
  ).toEqual([
    'title',
    'sourceUserId',
    'sourceServer',
    'sourcePort',
    'destinationDomain',
    'destinationFolder',
    'since',
  ]);
});

test('the schema holds a request from anywhere else to the same rules', () => {
  const request = built(fromImap);
  expect(requestSchema.safeParse(request).success).toBe(true);
  const spoiled = [
    {...request, type: 'IMAP-IMAP'},
    {...request, type: 'O365-IMAP'},
    {...request, destinationFolder: 'archive'},
    {...request, destinationFolder: ''},
    {...request, since: '2019-02-30'},
    {...request, since: '2019-02-02', before: '2019-02-01'},
    {...request, source: {...request.source, userId: 'john@baya.com'}},
    {...request, source: {...request.source, server: 'a b'}},
    {...request, destination: {...request.destination, domain: ''}},
    {...request, source: request.destination, type: 'O365-O365'},
  ];
  for (const each of spoiled) expect(requestSchema.safeParse(each).success).toBe(false);
});
