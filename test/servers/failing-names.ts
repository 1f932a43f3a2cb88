// Names of servers that cannot be looked up for a while. Only names below .mailferry.test are concerned, each given by
// a test; all lead to this machine.
import dns from 'node:dns';
import {syncBuiltinESMExports} from 'node:module';

/** `never`: nothing is answered, as where the way to the name servers is cut. */
export type NameFailure = 'ENOTFOUND' | 'EAI_AGAIN' | 'never';

const domain = '.mailferry.test';
const failures = new Map<string, () => NameFailure | undefined>();
let names = 0;

/**
 * A name of this machine.
 * @param fails asked at each look-up: why it fails, if it does
 */
export function nameThisMachine(fails: () => NameFailure | undefined): {
  readonly name: string;
  forget(): void;
} {
  install();
  const name = `m${++names}${domain}`;
  failures.set(name, fails);
  return {name, forget: () => failures.delete(name)};
}

let installed = false;

/** Sockets look names up through `dns.lookup`. */
function install(): void {
  if (installed) return;
  installed = true;
  const real = dns.lookup;
  const lookup = (name: string, ...rest: unknown[]): unknown => {
    const fails = failures.get(name);
    if (fails === undefined) return Reflect.apply(real, dns, [name, ...rest]);
    const code = fails();
    if (code === undefined) return Reflect.apply(real, dns, ['127.0.0.1', ...rest]);
    if (code === 'never') return undefined;
    const done = rest.at(-1) as (error: Error) => void;
    const error = Object.assign(new Error(`getaddrinfo ${code} ${name}`), {code, syscall: 'getaddrinfo'});
    setImmediate(() => done(error));
    return undefined;
  };
  Object.assign(dns, {lookup});
  syncBuiltinESMExports();
}
