import type {Provider} from './provider.ts';

export const imap: Provider = {
  id: 'imap',
  code: 'IMAP',
  name: 'IMAP server',
  server: '',
  port: 993,
  hosts: [],
  hostDomains: [],
  domainNeeded: false,
  domainIsServer: false,
  reservedFolders: [],
  example: {userId: 'john', domain: 'example.com', server: 'imap.example.com'},
};
