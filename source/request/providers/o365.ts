import {clouds} from './clouds.ts';
import type {Provider} from './provider.ts';

export const o365: Provider = {
  id: 'o365',
  code: 'O365',
  name: 'Office 365',
  server: 'outlook.office365.com',
  port: 993,
  hosts: clouds.flatMap(({hosts}) => hosts),
  hostDomains: ['office365.com', 'office365.us', 'partner.outlook.cn', 'apps.mil'],
  domainNeeded: true,
  domainIsServer: false,
  reservedFolders: [],
  example: {userId: 'john', domain: 'baya.com', server: 'outlook.office365.com'},
  passwordAdvice:
    'Microsoft has refused passwords over IMAP since 2022, so this will most likely fail. Sign in app-only, by browser or by device code (oauth-app, oauth-browser, oauth-device).',
};
