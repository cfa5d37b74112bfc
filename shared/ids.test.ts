import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { uuidv7 } from './ids.ts';

test('the example of RFC 9562, appendix A.6', () => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  expect(uuidv7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

test('a later one sorts behind an earlier one, whatever chance adds', () => {
  const at = fc.nat({ max: 2 ** 47 });
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(at, at, bytes, bytes, (a, b, x, y) => {
      fc.pre(a < b);
      expect(uuidv7(a, x) < uuidv7(b, y)).toBe(true);
    }),
  );
});
