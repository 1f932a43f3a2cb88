// Problems of TLS: certificates, and a connection that is not secure. Catalogue data.
import type {End} from '../events.ts';
import {entry} from './entry.ts';

type Server = {readonly end: End; readonly server: string};

const trustIssuer = () =>
  'If you trust this server, give the certificate of its authority with --ca FILE; the check stays on.';

export const tlsProblems = {
  'tls-expired': entry<Server>(
    'mailbox',
    'stop',
    p => `The certificate of ${p.server} (${p.end}) has expired.`,
    () => 'Ask for a new certificate on the server, and check the date of this computer.',
  ),
  'tls-not-yet-valid': entry<Server>(
    'mailbox',
    'stop',
    p => `The certificate of ${p.server} (${p.end}) is not valid yet.`,
    () => 'Check the date of this computer.',
  ),
  'tls-revoked': entry<Server>(
    'mailbox',
    'stop',
    p => `The certificate of ${p.server} (${p.end}) has been revoked.`,
    () => 'Do not sign in there; ask the administrator of that server.',
  ),
  'tls-wrong-name': entry<Server>(
    'mailbox',
    'stop',
    p => `The certificate shown by ${p.server} (${p.end}) is for another name.`,
    () => 'Use the server name that the certificate is made for.',
  ),
  'tls-self-signed': entry<Server>(
    'mailbox',
    'stop',
    p => `The certificate of ${p.server} (${p.end}) is signed by nobody but itself.`,
    trustIssuer,
  ),
  'tls-unknown-issuer': entry<Server>(
    'mailbox',
    'stop',
    p => `The certificate of ${p.server} (${p.end}) comes from an authority this computer does not know.`,
    trustIssuer,
  ),
  'tls-weak': entry<Server>(
    'mailbox',
    'stop',
    p => `The certificate of ${p.server} (${p.end}) has a key or a signature too weak to be trusted.`,
    () =>
      'Ask for a new certificate on the server: RSA of 2048 bits or more, or an elliptic curve, and SHA-256.',
  ),
  'tls-untrusted': entry<Server>(
    'mailbox',
    'stop',
    p => `The certificate of ${p.server} (${p.end}) cannot be trusted.`,
    () => 'Read the detail, and ask the administrator of that server for a new certificate.',
  ),
  'tls-too-old': entry<Server>(
    'mailbox',
    'stop',
    p => `${p.server} (${p.end}) offers no TLS 1.2 or newer, and older ones are not safe.`,
    () => 'Ask for an update of the server, or use another address of it.',
  ),
  'tls-not-spoken': entry<Server>(
    'mailbox',
    'stop',
    p => `The port of ${p.server} (${p.end}) does not speak TLS.`,
    () => 'Use port 993 with tls, or keep the port and choose starttls.',
  ),
  'tls-failed': entry<Server>(
    'mailbox',
    'stop',
    p => `No secure connection to ${p.server} (${p.end}) comes about.`,
    () => 'The server must offer TLS 1.2 or later; check its port and its TLS settings.',
  ),
  'starttls-missing': entry<Server>(
    'mailbox',
    'stop',
    p => `The ${p.end} server ${p.server} does not offer STARTTLS, or refuses it: nothing was sent in clear.`,
    () =>
      'Choose security tls, mostly on port 993. If it has worked before, somebody on the way may be taking it out.',
  ),
  'starttls-meddled': entry<Server>(
    'mailbox',
    'stop',
    p =>
      `What ${p.server} (${p.end}) says before TLS begins may come from somebody on the way: no password was sent.`,
    () => 'Choose security tls, mostly on port 993, or try it from another network.',
  ),
};

/** A server's own trouble, whoever comes to it. */
export const tlsCodes = Object.keys(tlsProblems) as readonly (keyof typeof tlsProblems)[];
