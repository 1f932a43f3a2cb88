import {expect, test} from 'vitest';
import {fieldsFor} from '../../source/request/asked-fields.ts';

test('the wizard is given the words of the providers', () => {
  const domain = fieldsFor('O365-VAULTASTIC', 'destination').find(field => field.key === 'destinationDomain');
  expect(domain?.example).toBe('baya-com.vaultastic.com');
  expect(fieldsFor('', 'filters').map(field => field.key)).toEqual([
    'since',
    'before',
    'sourceFolder',
    'repair',
  ]);
});
