import { describe, expect, test } from 'vitest';
import { ocspAnswer } from '../../../../../tests/support/ocsp-answer.ts';
import { explicit, integer } from '../../../../base/der-writer.ts';
import { isStapledRevoked } from './stapled-status.ts';

/** An answer of `openssl ocsp` (3.0, without certificates) about a certificate with the serial number 1002 (hex) that was revoked. */
const revoked = Buffer.from(
  'MIIBPAoBAKCCATUwggExBgkrBgEFBQcwAQEEggEiMIIBHjCBxaEVMBMxETAPBgNVBAMMCExhYiBSb290GA8yMDI2MTEyNzE5NTAxNVowdjB0MDswCQYFKw4DAhoFAAQUqZCRtChTPiar7V9kaE30wb6eSNUEFB1FackexgN0Zwoft9hXSfokg27xAgIQAqERGA8yMDI2MTEyNzE5MzMzMVoYDzIwMjYxMTI3MTk1MDE1WqARGA8yMDI2MTIwMjE5NTAxNVqhIzAhMB8GCSsGAQUFBzABAgQSBBDPQuHWEC2lZmE8Xzs4ptiHMAoGCCqGSM49BAMCA0gAMEUCIDsavwsH7YOwcDbrehwjCBtzX+MfvCq2sU0ZM41rP7LSAiEAnY1q8u9l84/tgtGDC1nMcwgkSsPRkDBmfChDmWTmpwk=',
  'base64',
);

describe('the status that a server staples', () => {
  test('tells a revoked certificate, and only the one that it is about', () => {
    expect(isStapledRevoked(revoked, '1002')).toBe(true);
    expect(isStapledRevoked(revoked, '01002')).toBe(true);
    expect(isStapledRevoked(revoked, '1003')).toBe(false);
  });

  test('is good, unknown, or of several certificates', () => {
    expect(isStapledRevoked(ocspAnswer([[7, 'good']]), '07')).toBe(false);
    expect(isStapledRevoked(ocspAnswer([[7, 'unknown']]), '07')).toBe(false);
    const both = ocspAnswer([
      [6, 'good'],
      [7, 'revoked'],
    ]);
    expect(['06', '07'].map((serial) => isStapledRevoked(both, serial))).toEqual([false, true]);
    expect(isStapledRevoked(ocspAnswer([[7, 'revoked']], explicit(0, integer(0))), '07')).toBe(true);
  });

  test('is nothing where it cannot be read, wherever it is cut or changed', () => {
    for (let length = 0; length < revoked.length; length++) {
      expect(() => isStapledRevoked(revoked.subarray(0, length), '1002')).not.toThrow();
      const changed = Buffer.from(revoked);
      changed[length] = (changed[length] ?? 0) ^ 0xff;
      expect(() => isStapledRevoked(changed, '1002')).not.toThrow();
    }
    expect(isStapledRevoked(Buffer.alloc(0), '1002')).toBe(false);
    expect(isStapledRevoked(Buffer.of(0x30, 3, 0x0a, 1, 6), '1002')).toBe(false);
  });
});
