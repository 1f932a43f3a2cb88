import fc from 'fast-check';
import {expect, test} from 'vitest';
import {withoutReceipt} from '../../../source/engine/messages/receipts.ts';

const of = (text: string) => {
  const pieces = withoutReceipt(Buffer.from(text, 'latin1'));
  return pieces === undefined ? undefined : Buffer.concat(pieces).toString('latin1');
};

test('the field is renamed wherever it stands in the header, and nothing else changes', () => {
  const field = 'Disposition-Notification-To: a@b.c';
  expect(of(`${field}\r\nSubject: x\r\n\r\nbody`)).toBe(`X-${field}\r\nSubject: x\r\n\r\nbody`);
  expect(of(`Subject: x\r\n${field.toUpperCase()}\r\n\r\nbody`)).toBe(
    `Subject: x\r\nX-${field.toUpperCase()}\r\n\r\nbody`,
  );
  expect(of(`A: 1\n${field}\n${field}\n\n${field}`)).toBe(`A: 1\nX-${field}\nX-${field}\n\n${field}`);
});

test('a message that asks for none stays as it is', () => {
  for (const text of [
    '',
    'Subject: x\r\n\r\nDisposition-Notification-To: in the body',
    'X-Disposition-Notification-To: a@b.c\r\n\r\n',
    'Subject: about\r\n Disposition-Notification-To: folded\r\n\r\n',
  ])
    expect(of(text)).toBeUndefined();
});

test('whatever the bytes: all that is taken away again is the mark', () => {
  const piece = fc.constantFrom('Disposition-Notification-To: a\r\n', 'X: y\r\n', '\r\n', ' folded\n', '\n');
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), {maxLength: 20}), pieces => {
      const text = pieces.join('');
      const changed = of(text);
      if (changed !== undefined)
        expect(changed.replaceAll(/(^|\n)X-(?=Disposition-Notification-To[ \t]*:)/gi, '$1')).toBe(
          Buffer.from(text, 'latin1')
            .toString('latin1')
            .replaceAll(/(^|\n)X-(?=Disposition-Notification-To[ \t]*:)/gi, '$1'),
        );
    }),
  );
});
