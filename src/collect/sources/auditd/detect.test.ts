import { describe, expect, it } from 'vitest';
import { detect } from './detect.ts';

const look = (text: string): ReturnType<typeof detect> => detect('x', Buffer.from(text, 'latin1'));

describe('detect', () => {
  it('is certain of records at the start of a line, with node= or behind other lines', () => {
    expect(look('type=CWD msg=audit(1481077231.371:479):  cwd="/"')).toBe('certain');
    expect(look('----\ntime->Mon\nnode=web type=UNKNOWN[1334] msg=audit(1481077231.371:479): a=1')).toBe('certain');
  });

  it('takes records inside syslog lines for likely', () => {
    expect(look('Nov 23 17:01:47 h kernel: [ 12.3] audit: type=1400 audit(1500.1:2): apparmor="DENIED"')).toBe(
      'likely',
    );
    expect(look('Nov 23 17:01:47 h audispd: node=h type=CWD msg=audit(1500.1:2): cwd="/"')).toBe('likely');
  });

  it('knows nothing of anything else', () => {
    for (const text of [
      '',
      'type=CWD',
      '{"type":"SYSCALL"}',
      'x type=CWD msg=audit(1.1:1)',
      '\u0000\u00ff'.repeat(999),
    ]) {
      expect(look(text)).toBeUndefined();
    }
    expect(look('type=CWD msg=audit(11/23/26 17:01:47.088:210524) : cwd=/root')).toBeUndefined();
  });
});
