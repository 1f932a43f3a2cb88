// Microsoft's clouds: which mail servers belong to each, where one signs in to it, and what is asked for. Data only.
// Worldwide is Microsoft's documentation; the others are what mail programs use (EmailEngine, email-oauth2-proxy).

export type Cloud = {
  /** For people. */
  readonly name: string;
  /** IMAP servers, lower case; hosts below them count too. */
  readonly hosts: readonly string[];
  /** Where one signs in, without the tenant. */
  readonly authority: string;
  /** What a person is asked to allow, for their own mailbox. */
  readonly delegatedScope: string;
  /** What an application asks for; what it may do is set by its registration. */
  readonly appScope: string;
};

const worldwide: Cloud = {
  name: 'worldwide',
  hosts: ['outlook.office365.com', 'outlook.office.com', 'imap-mail.outlook.com'],
  authority: 'https://login.microsoftonline.com',
  delegatedScope: 'https://outlook.office.com/IMAP.AccessAsUser.All',
  appScope: 'https://outlook.office365.com/.default',
};

export const clouds: readonly Cloud[] = [
  worldwide,
  {
    name: 'US government (GCC High)',
    hosts: ['outlook.office365.us'],
    authority: 'https://login.microsoftonline.us',
    delegatedScope: 'https://outlook.office365.us/IMAP.AccessAsUser.All',
    appScope: 'https://outlook.office365.us/.default',
  },
  {
    name: 'US government (DoD)',
    hosts: ['outlook-dod.office365.us', 'webmail.apps.mil'],
    authority: 'https://login.microsoftonline.us',
    delegatedScope: 'https://outlook-dod.office365.us/IMAP.AccessAsUser.All',
    appScope: 'https://outlook-dod.office365.us/.default',
  },
  {
    name: 'China (21Vianet)',
    hosts: ['partner.outlook.cn'],
    authority: 'https://login.partner.microsoftonline.cn',
    delegatedScope: 'https://partner.outlook.cn/IMAP.AccessAsUser.All',
    appScope: 'https://partner.outlook.cn/.default',
  },
];

/** The cloud that a mail server is in. A server of no cloud (a gateway, a test server) stands for the worldwide one. */
export function cloudOf(server: string): Cloud {
  const host = server.toLowerCase().replace(/\.$/, '');
  return (
    clouds.find(({hosts}) => hosts.some(name => host === name || host.endsWith(`.${name}`))) ?? worldwide
  );
}

/** Mail domains of personal accounts, which live in a tenant of their own. */
const consumerDomain = /^(outlook|hotmail|live|msn)(\.[a-z]{2,3}){1,2}$/i;

/** The tenant of a mailbox where none is said: a tenant is known by each of its mail domains. */
export function tenantOfDomain(domain: string): string {
  if (domain === '') return 'organizations';
  return consumerDomain.test(domain) ? 'consumers' : domain.toLowerCase();
}
