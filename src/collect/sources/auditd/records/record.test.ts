import { describe, expect, it } from 'vitest';
import { readRecord, type AuditRecord, type NoRecord } from './record.ts';

function read(line: string): AuditRecord | NoRecord {
  const bytes = Buffer.from(`${line}\n`, 'latin1');
  return readRecord({ bytes, text: bytes.toString('latin1') }, 0, bytes.length - 1, 7, 100);
}

function body(record: AuditRecord | NoRecord): string {
  return typeof record === 'string' ? record : record.memory.text.slice(record.from, record.to);
}

describe('the header of a record', () => {
  it('gives type, time in µs, serial and place', () => {
    expect(read('type=CWD msg=audit(1481077231.371:479):  cwd="/"')).toMatchObject({
      type: { name: 'CWD' },
      time: 1_481_077_231_371_000,
      serial: 479,
      node: null,
      line: 7,
      byte: 100,
    });
  });

  it('leaves the body as it stands', () => {
    expect(body(read('type=CWD msg=audit(1.0:1): cwd="/"'))).toBe(' cwd="/"');
    expect(body(read('type=EOE msg=audit(1.0:1):'))).toBe('');
    expect(body(read('type=DAEMON_CONFIG msg=audit(1490239800.477:34) config changed'))).toBe(' config changed');
  });

  it('reads the machine from node= and from a syslog prefix', () => {
    expect(read('node=work type=CWD msg=audit(1.0:1): cwd="/"')).toMatchObject({ node: 'work' });
    const kernel = 'Nov 23 17:01:47 web1 kernel: [ 12.3] audit: type=1400 audit(1.500:2): apparmor="DENIED"';
    expect(read(kernel)).toMatchObject({ node: 'web1', time: 1_500_000, type: { name: 'AVC' } });
    const plugin = '2026-11-23T17:01:47.1+00:00 web2 audisp-syslog[12]: type=CWD msg=audit(1.0:1): cwd="/"';
    expect(read(plugin)).toMatchObject({ node: 'web2' });
    expect(read('kernel: audit: type=1300 audit(1.0:1): a0=1')).toMatchObject({
      type: { name: 'SYSCALL' },
      node: null,
    });
  });

  it('names record types that an older tool had no name for', () => {
    expect(read('type=UNKNOWN[1334] msg=audit(1.0:1): prog-id=7 op=LOAD')).toMatchObject({ type: { name: 'BPF' } });
    expect(read('type=UNKNOWN[1999] msg=audit(1.0:1): x=1')).toMatchObject({ type: { name: 'UNKNOWN[1999]' } });
  });

  it('tells separators, interpreted output and anything else apart', () => {
    expect(['', '   ', '----', 'time->Mon Nov 23 17:01:47 2026', '# note'].map(read)).toEqual(Array(5).fill('nothing'));
    expect(read('type=CWD msg=audit(11/23/26 17:01:47.088:210524) : cwd=/root')).toBe('interpreted');
    const malformed = [
      'hello',
      'type=',
      'type=CWD',
      'type=CWD msg=',
      'type=CWD msg=audit(',
      'type=CWD msg=audit(1.0',
      'type=CWD msg=audit(1.0:): x',
      'type=CWD msg=audit(:1): x',
      'type=CWD msg=audit(99999999999.0:1): x',
      'type=CWD msg=audit(1.0:99999999999): x',
      `type=${'A'.repeat(300)} msg=audit(1.0:1): x`,
    ];
    expect(malformed.map(read)).toEqual(malformed.map(() => 'malformed'));
  });

  it('does not read on into the next line', () => {
    const bytes = Buffer.from('type=CWD\nmsg=audit(1.0:1): cwd="/"\n', 'latin1');
    expect(readRecord({ bytes, text: bytes.toString('latin1') }, 0, 8, 1, 0)).toBe('malformed');
  });
});
