// The tenant behind the identity provider: which applications and users there are, and what goes wrong with them.

export type Application = {
  readonly id: string;
  /** Client secrets that count. */
  readonly secrets?: readonly string[];
  /** PEM certificates that count. */
  readonly certificates?: readonly string[];
  /** May sign people in without a secret: "Allow public client flows". */
  readonly isPublic?: boolean;
};

export class Directory {
  readonly tenants: readonly string[];
  readonly #applications: ReadonlyMap<string, Application>;
  /** AADSTS numbers by application id or user name, lower case. */
  readonly #refused = new Map<string, number>();

  /** @param tenants names and ids that are known, beside common, organizations and consumers */
  constructor(tenants: readonly string[], applications: readonly Application[]) {
    this.tenants = ['common', 'organizations', 'consumers', ...tenants.map(name => name.toLowerCase())];
    this.#applications = new Map(applications.map(each => [each.id, each]));
  }

  application(id: string): Application | undefined {
    return this.#applications.get(id);
  }

  /** From now on what this application or user asks for is refused. */
  refuse(name: string, aadsts: number): void {
    this.#refused.set(name.toLowerCase(), aadsts);
  }

  allow(name: string): void {
    this.#refused.delete(name.toLowerCase());
  }

  refusalOf(...names: readonly string[]): number | undefined {
    return names.map(name => this.#refused.get(name.toLowerCase())).find(number => number !== undefined);
  }
}
