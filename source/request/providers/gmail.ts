import type {Provider} from './provider.ts';

export const gmail: Provider = {
  id: 'gmail',
  code: 'GMAIL',
  name: 'Gmail',
  server: 'imap.gmail.com',
  port: 993,
  hosts: ['imap.gmail.com', 'imap.googlemail.com'],
  hostDomains: [],
  domainNeeded: true,
  domainIsServer: false,
  reservedFolders: ['[Gmail]', '[Google Mail]'],
  example: {userId: 'john', domain: 'gmail.com', server: 'imap.gmail.com'},
  passwordAdvice: 'Gmail takes an app password here, not the password of the account.',
};
