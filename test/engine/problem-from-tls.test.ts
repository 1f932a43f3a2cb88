// What goes wrong with TLS and STARTTLS, as problems.
import {expect, test} from 'vitest';
import {type ErrorContext, problemFromError} from '../../source/engine/problems/from-error.ts';

const failure = (fields: object, message = 'Command failed') => Object.assign(new Error(message), fields);

test.each<[string, unknown, Partial<ErrorContext>, string, string]>([
  // name, error, context, code, scope verdict
  ['expired certificate', failure({code: 'CERT_HAS_EXPIRED'}), {}, 'tls-expired', 'mailbox stop'],
  ['wrong name', failure({code: 'ERR_TLS_CERT_ALTNAME_INVALID'}), {}, 'tls-wrong-name', 'mailbox stop'],
  ['self-signed', failure({code: 'DEPTH_ZERO_SELF_SIGNED_CERT'}), {}, 'tls-self-signed', 'mailbox stop'],
  [
    'private authority',
    failure({code: 'SELF_SIGNED_CERT_IN_CHAIN', tlsFailed: true}),
    {},
    'tls-unknown-issuer',
    'mailbox stop',
  ],
  [
    'unknown issuer',
    failure({code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'}),
    {},
    'tls-unknown-issuer',
    'mailbox stop',
  ],
  [
    'unknown issuer, local',
    failure({code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'}),
    {},
    'tls-unknown-issuer',
    'mailbox stop',
  ],
  [
    'TLS to a plain port',
    failure({code: 'EPROTO'}, 'SSL routines:ssl3_get_record:wrong version number'),
    {},
    'tls-not-spoken',
    'mailbox stop',
  ],
  ['old TLS', failure({code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'}), {}, 'tls-too-old', 'mailbox stop'],
  [
    'a certificate refused without a code',
    failure({code: 'UNSPECIFIED'}, 'unhandled critical extension'),
    {},
    'tls-untrusted',
    'mailbox stop',
  ],
  [
    'no STARTTLS',
    failure({tlsFailed: true}, 'Server does not support STARTTLS'),
    {},
    'starttls-missing',
    'mailbox stop',
  ],
  [
    'PREAUTH before STARTTLS',
    failure({tlsFailed: true}, 'STARTTLS is not possible after a PREAUTH greeting'),
    {},
    'starttls-meddled',
    'mailbox stop',
  ],
  [
    'more behind the answer to STARTTLS',
    failure({tlsFailed: true, code: 'STARTTLS_INJECTION'}),
    {reconnecting: true},
    'starttls-meddled',
    'mailbox stop',
  ],
  [
    'a TLS record damaged on its way',
    failure({code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'}),
    {},
    'connection-lost',
    'mailbox again',
  ],
  [
    'no TLS any more where it was spoken before',
    failure({code: 'ERR_SSL_WRONG_VERSION_NUMBER'}),
    {reconnecting: true},
    'connection-lost',
    'mailbox again',
  ],
  [
    'a certificate that has expired meanwhile',
    failure({code: 'CERT_HAS_EXPIRED'}),
    {reconnecting: true},
    'tls-expired',
    'mailbox stop',
  ],
])('%s', (_name, error, context, code, verdict) => {
  const problem = problemFromError(error, {
    end: 'source',
    login: 'john@baya.com',
    server: 'imap.example.com:993',
    during: 'sign-in',
    ...context,
  });
  expect([problem.code, `${problem.scope} ${problem.verdict}`]).toEqual([code, verdict]);
  expect(problem.sentence).toContain('imap.example.com:993');
});
