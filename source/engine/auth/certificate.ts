// An application's certificate with its private key, as a PEM file holds both.
import {createPrivateKey, X509Certificate} from 'node:crypto';

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
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  const key = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]+?-----END \1PRIVATE KEY-----/.exec(pem);
  if (certificates === null) throw new Error('holds no certificate (BEGIN CERTIFICATE)');
  if (key === null) throw new Error('holds no private key (BEGIN PRIVATE KEY)');
  if (key[1] === 'ENCRYPTED ')
    throw new Error('holds an encrypted private key; put an unencrypted one there');
  const [first = ''] = certificates;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(first);
    if (!certificate.checkPrivateKey(createPrivateKey(key[0]))) throw new Error('other key');
  } catch {
    throw new Error('holds a certificate and a key that do not belong together, or cannot be read');
  }
  return {
    thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
    privateKey: key[0],
    x5c: certificates.join('\n'),
  };
}
