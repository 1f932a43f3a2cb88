import type {Provider} from './provider.ts';

export const skyconnect: Provider = {
  id: 'skyconnect',
  code: 'SKYCONNECT',
  name: 'SkyConnect',
  server: '',
  port: 993,
  hosts: [],
  hostDomains: ['mithiskyconnect.com'],
  domainNeeded: true,
  domainIsServer: true,
  reservedFolders: [],
  example: {userId: 'john.s', domain: 'baya.mithiskyconnect.com', server: 'baya.mithiskyconnect.com'},
};
