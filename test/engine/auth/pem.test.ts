import {expect, test} from 'vitest';
import {certificatesIn, pemBlocks} from '../../../source/engine/auth/pem.ts';

const block = (label: string, text: string) => `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----`;

test('the blocks of a PEM file are read in their order, whatever stands between them', () => {
  const [one, key, two] = [
    block('CERTIFICATE', 'A'),
    block('EC PRIVATE KEY', 'B'),
    block('CERTIFICATE', 'C'),
  ];
  const file = `Bag Attributes\n${one}\n${key}\n# a word\r\n${two}\n`;
  expect(pemBlocks(file).map(({label}) => label)).toEqual(['CERTIFICATE', 'EC PRIVATE KEY', 'CERTIFICATE']);
  expect(certificatesIn(file)).toEqual([one, two]);
});

test('a block that ends as another, or nowhere, is none', () => {
  const whole = block('CERTIFICATE', 'A');
  expect(pemBlocks('-----BEGIN CERTIFICATE-----\nA\n-----END PRIVATE KEY-----')).toEqual([]);
  expect(pemBlocks(`-----BEGIN CERTIFICATE-----\nA\n${whole}`).map(({text}) => text)).toEqual([whole]);
  expect(pemBlocks(`${whole}-----END CERTIFICATE-----`)).toHaveLength(1);
});

// Where each beginning looks for its end, this takes minutes.
test('a file of nothing but beginnings is read once', () => {
  const begins = '-----BEGIN PRIVATE KEY-----\n'.repeat(200_000);
  expect(pemBlocks(begins)).toEqual([]);
  expect(pemBlocks(`${block('CERTIFICATE', 'A')}${begins}`)).toHaveLength(1);
});
