import type {Provider} from './provider.ts';

export const o365: Provider = {
  id: 'o365',
  code: 'O365',
  name: 'Office 365',
  server: 'outlook.office365.com',
  port: 993,
  // Worldwide, US government (GCC High), China (21Vianet) and the older worldwide name.
  hosts: ['outlook.office365.com', 'outlook.office365.us', 'partner.outlook.cn', 'outlook.office.com'],
  hostDomains: ['office365.com', 'office365.us', 'partner.outlook.cn'],
  domainNeeded: true,
  domainIsServer: false,
  reservedFolders: [],
  example: {userId: 'john', domain: 'baya.com', server: 'outlook.office365.com'},
  passwordAdvice:
    'Microsoft has refused passwords over IMAP since 2022, so this is likely to fail; a server or gateway that takes a password works.',
};
