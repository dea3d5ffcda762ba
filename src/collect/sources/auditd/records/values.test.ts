import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fields } from './fields.ts';
import { key, type Key } from './keys.ts';
import { readRecord } from './record.ts';
import { hexBytes, id, integer, lowBits, text } from './values.ts';

/** Before any log is read, as all code does: a log may bring more names than are remembered. */
const [exe, acct, op, exit, auid, a0] = ['exe', 'acct', 'op', 'exit', 'auid', 'a0'].map(key) as [
  Key,
  Key,
  Key,
  Key,
  Key,
  Key,
];

function read(body: string): Fields {
  const bytes = Buffer.from(`type=SYSCALL msg=audit(1.0:1): ${body}`, 'utf8');
  const record = readRecord({ bytes, text: bytes.toString('latin1') }, 0, bytes.length, 1, 0);
  if (typeof record === 'string') throw new Error(record);
  const fields = new Fields();
  fields.read(record);
  return fields;
}

/** What the kernel does with a text that it does not trust. */
function untrusted(value: string): string {
  const bytes = Buffer.from(value, 'utf8');
  const isPlain = bytes.every((byte) => byte > 0x20 && byte < 0x7f && byte !== 0x22);
  return isPlain ? `"${value}"` : bytes.toString('hex').toUpperCase();
}

describe('text values', () => {
  it('come back as they were, whether quoted or in hexadecimal', () => {
    const wellFormed = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(wellFormed, (value) => {
        fc.pre(value.isWellFormed() && value !== '?');
        expect(text(read(`exe=${untrusted(value)} pid=1`), exe)).toBe(value);
      }),
    );
  });

  it('are hexadecimal only for fields that are written so, in upper case and in pairs', () => {
    expect(text(read('exe=2F62'), exe)).toBe('/b');
    expect(text(read('exe=2F6'), exe)).toBe('2F6');
    expect(text(read('acct=dead'), acct)).toBe('dead');
    expect(text(read('a0=2F62'), a0)).toBe('2F62');
    expect(text(read('exe="2F62"'), exe)).toBe('2F62');
  });

  it('replace what is no UTF-8', () => {
    expect(text(read('exe=FF41'), exe)).toBe('\ufffdA');
    expect(text(read('op=grün'), op)).toBe('grün');
  });

  it('are null for absent, empty and the marks for none, but not for a quoted mark', () => {
    for (const body of ['pid=1', 'exe=', 'exe=?', 'exe=(null)', 'exe=(none)', 'exe=""']) {
      expect(text(read(body), exe)).toBeNull();
    }
    expect(text(read('exe="(null)"'), exe)).toBe('(null)');
  });
});

describe('numbers', () => {
  it('are decimal, signed, and null when they are none', () => {
    expect(integer(read('exit=-13'), exit)).toBe(-13);
    for (const body of ['exit=', 'exit=-', 'exit=1x', 'exit=99999999999999999999', 'pid=1']) {
      expect(integer(read(body), exit)).toBeNull();
    }
  });

  it('stand for unset as -1, in either spelling', () => {
    expect([id(read('auid=4294967295'), auid), id(read('auid=-1'), auid)]).toEqual([-1, -1]);
  });

  it('give the low 32 bits of an argument', () => {
    expect(lowBits(read('a0=ffffffffffffff9c'), a0)).toBe(0xffff_ff9c);
    expect(lowBits(read('a0=0x10'), a0)).toBe(16);
    expect([lowBits(read('a0=xyz'), a0), lowBits(read('a0='), a0)]).toEqual([null, null]);
  });
});

describe('hexBytes', () => {
  it('undoes hexadecimal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const hex = Buffer.from(bytes).toString('hex').toUpperCase();
        expect([...hexBytes(read(`saddr=${hex}`), 0)]).toEqual([...bytes]);
      }),
    );
  });
});
