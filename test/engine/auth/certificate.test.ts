import {afterAll, expect, test} from 'vitest';
import {readClientCertificate} from '../../../source/engine/auth/certificate.ts';
import {makeIdentityPlace} from '../../servers/identity/place.ts';

const place = makeIdentityPlace();
const other = makeIdentityPlace();
afterAll(() => {
  place.remove();
  other.remove();
});

test('a PEM file gives the certificate, its print and its key', () => {
  const read = readClientCertificate(`Bag Attributes\n${place.application.pem}`);
  expect(read.thumbprintSha256).toMatch(/^[0-9A-F]{64}$/);
  expect(read.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(read.x5c.trim()).toBe(place.application.certificate.trim());
});

test('what is missing or does not fit is said, without any of the key', () => {
  const key = place.application.pem.slice(place.application.certificate.length);
  const refused = (pem: string) => {
    try {
      readClientCertificate(pem);
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
    return 'taken';
  };
  expect(refused('')).toMatch(/no certificate/);
  expect(refused(place.application.certificate)).toMatch(/no private key/);
  expect(refused(place.application.certificate + key.replaceAll(' PRIVATE', ' ENCRYPTED PRIVATE'))).toMatch(
    /encrypted/,
  );
  expect(refused(other.application.certificate + key)).toMatch(/do not belong together/);
});
