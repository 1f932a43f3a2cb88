// Any code point, lone surrogates among them, as the unit of fc.string: fast-check's own 'binary' takes seconds to be made.
import fc from 'fast-check';

export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(fc.nat(0x7f), fc.nat(0xffff), fc.integer({min: 0x1_0000, max: 0x10_ffff}))
  .map(code => String.fromCodePoint(code));
