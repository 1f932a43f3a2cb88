// An application's certificate with its private key, as a PEM file holds both.
import {createPrivateKey, X509Certificate} from 'node:crypto';
import {certificatesIn, pemBlocks} from './pem.ts';

export type ClientCertificate = {
  /** SHA-256 of the certificate, hexadecimal. */
  readonly thumbprintSha256: string;
  /** PEM. */
  readonly privateKey: string;
  /** PEM: the certificate and what signed it. */
  readonly x5c: string;
};

/** @throws an Error whose message ends the sentence 'The certificate file …' */
export function readClientCertificate(pem: string): ClientCertificate {
  const certificates = certificatesIn(pem);
  const key = pemBlocks(pem).find(({label}) => label.endsWith('PRIVATE KEY'));
  const [first] = certificates;
  if (first === undefined) throw new Error('holds no certificate (BEGIN CERTIFICATE)');
  if (key === undefined) throw new Error('holds no private key (BEGIN PRIVATE KEY)');
  if (key.label === 'ENCRYPTED PRIVATE KEY')
    throw new Error('holds an encrypted private key; put an unencrypted one there');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(first);
    if (!certificate.checkPrivateKey(createPrivateKey(key.text))) throw new Error('other key');
  } catch {
    throw new Error('holds a certificate and a key that do not belong together, or cannot be read');
  }
  return {
    thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
    privateKey: key.text,
    x5c: certificates.join('\n'),
  };
}
