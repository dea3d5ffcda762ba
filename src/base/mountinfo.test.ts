import { describe, expect, it } from 'vitest';
import { parseMountinfo } from './mountinfo.ts';

describe('mounts of a process', () => {
  it('are read with blanks in their paths, any number of optional fields, and their options', () => {
    const lines = [
      String.raw`36 35 98:0 /part /mnt/a\040b rw,noatime master:1 shared:2 - ext4 /dev/sda1 rw`,
      '40 36 0:30 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w',
      'no mount',
      '',
    ];
    expect([...parseMountinfo(lines.join('\n'))]).toEqual([
      { root: '/part', point: '/mnt/a b', type: 'ext4', source: '/dev/sda1', options: 'rw' },
      { root: '/', point: '/', type: 'overlay', source: 'overlay', options: 'rw,lowerdir=/l,upperdir=/u,workdir=/w' },
    ]);
  });
});
