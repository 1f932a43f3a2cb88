import type {Provider} from './provider.ts';

export const vaultastic: Provider = {
  id: 'vaultastic',
  code: 'VAULTASTIC',
  name: 'Vaultastic',
  server: '',
  port: 3817,
  hosts: [],
  hostDomains: ['vaultastic.com'],
  domainNeeded: true,
  domainIsServer: true,
  reservedFolders: [],
  example: {userId: 'john.smith', domain: 'baya-com.vaultastic.com', server: 'baya-com.vaultastic.com'},
};
