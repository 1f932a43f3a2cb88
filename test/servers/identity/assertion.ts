// A client assertion: a JWT that an application signs with its certificate's key in place of a secret (RFC 7523).
import {constants, createHash, verify, X509Certificate} from 'node:crypto';

type Expected = {
  readonly clientId: string;
  /** PEM certificates registered for the application. */
  readonly certificates: readonly string[];
  /** The token endpoint it must be made for. */
  readonly audience: string;
  /** s since 1970. */
  readonly now: number;
};

const json = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;

/** True where the signature is the registered certificate's and the claims are for us, now. */
export function isValidAssertion(assertion: string, expected: Expected): boolean {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  const {alg, 'x5t#S256': thumbprint} = json(head);
  const {aud, iss, sub, exp, jti} = json(claims);
  const certificate = expected.certificates
    .map(pem => new X509Certificate(pem))
    .find(each => createHash('sha256').update(each.raw).digest('base64url') === thumbprint);
  if (certificate === undefined) return false;
  const padding = alg === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const key = {
    key: certificate.publicKey,
    padding,
    ...(alg === 'PS256' ? {saltLength: constants.RSA_PSS_SALTLEN_DIGEST} : {}),
  };
  const signed = verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'));
  return (
    signed &&
    aud === expected.audience &&
    iss === expected.clientId &&
    sub === expected.clientId &&
    typeof jti === 'string' &&
    typeof exp === 'number' &&
    exp > expected.now
  );
}
