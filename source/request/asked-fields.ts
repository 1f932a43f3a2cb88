// What a person is asked in a step: the fields, in the words of the providers at the two ends.
import {type End, type Field, fields, keyOf} from './fields.ts';
import {providers} from './providers/catalogue.ts';
import type {Provider} from './providers/provider.ts';
import {findType} from './types.ts';

function forProvider(field: Field, end: End, provider: Provider): Field {
  const {example} = provider;
  switch (field.key) {
    case keyOf(end, 'UserId'):
      return {...field, example: example.userId};
    case keyOf(end, 'Domain'):
      return provider.domainNeeded
        ? {...field, example: example.domain}
        : {...field, example: example.domain, empty: 'the user id alone signs in'};
    case keyOf(end, 'Server'):
      return {...field, example: example.server};
    case keyOf(end, 'Port'):
      return {...field, example: String(provider.port)};
    case 'destinationFolder':
      return provider.id === 'o365' ? field : {...field, empty: 'to the top of the mailbox'};
    default:
      return field;
  }
}

/**
 * The fields a person is asked for in one step, with the help and examples of the providers of the type.
 * A text that names no type gives the general wording.
 */
export function fieldsFor(type: string, group: Field['group']): readonly Field[] {
  const found = findType(type);
  const ofGroup = fields.filter(field => field.group === group);
  if (found === undefined || (group !== 'source' && group !== 'destination')) return ofGroup;
  return ofGroup.map(field => forProvider(field, group, providers[found[group]]));
}
