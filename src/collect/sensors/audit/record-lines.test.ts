import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberAt, RecordLines, serialOf } from './record-lines.ts';

describe('records as lines', () => {
  it('are those of the log of auditd', () => {
    const lines = new RecordLines(1000, 1000);
    lines.add(1300, Buffer.from('audit(1364481363.243:24287): arch=c000003e syscall=2\0'));
    lines.add(1112, Buffer.from('audit(1364481363.243:24288): pid=1 msg=\'op="a\nb" res=success\'\n\0 '));
    lines.add(1999, Buffer.from('audit(1.000:1): x'));
    lines.add(1320, Buffer.alloc(0));
    expect(lines.take().toString('latin1').split('\n')).toEqual([
      'type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2',
      'type=USER_LOGIN msg=audit(1364481363.243:24288): pid=1 msg=\'op="a b" res=success\'',
      'type=UNKNOWN[1999] msg=audit(1.000:1): x',
      'type=EOE msg=',
      '',
    ]);
    expect(lines.take()).toHaveLength(0);
  });

  it('are one line each, whatever stands in a record', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (payloads) => {
        const lines = new RecordLines(20 * 400, 400);
        for (const payload of payloads) lines.add(1300, Buffer.from(payload));
        const text = lines.take().toString('latin1');
        expect(text.split('\n')).toHaveLength(payloads.length + 1);
        expect(text).not.toContain('\0');
      }),
    );
  });

  it('have the serial number that the kernel gave them', () => {
    expect(serialOf(Buffer.from('audit(1364481363.243:24287): arch=c000003e'))).toBe(24_287);
    expect(serialOf(Buffer.from('audit(1364481363.243:4294967295):'))).toBe(4_294_967_295);
    expect(serialOf(Buffer.from('audit(1364481363.243:):'))).toBe(-1);
    expect(serialOf(Buffer.from('nothing of this'))).toBe(-1);
    expect(serialOf(Buffer.from(`${' '.repeat(100)}:5`))).toBe(-1);
    expect(numberAt(Buffer.from('pid=77 '), 4)).toBe(77);
    expect(numberAt(Buffer.from('pid=77'), 6)).toBe(-1);
  });
});
