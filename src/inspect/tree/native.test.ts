import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nativeCalls } from './native.ts';

describe.runIf(platform() === 'linux')('what the C library is asked', () => {
  it('is there, and gives the attributes that setfattr set, where the file system keeps them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-native-'));
    const file = join(folder, 'file');
    writeFileSync(file, 'x');
    const { status } = spawnSync('python3', [
      '-c',
      'import os,sys; os.setxattr(sys.argv[1], "user.a", b"1\\x00")',
      file,
    ]);
    const given = nativeCalls()?.xattrs(file);
    expect(given?.get('user.a')).toEqual(status === 0 ? Buffer.from('1\0') : undefined);
    expect(nativeCalls()?.xattrs(join(folder, 'none'))).toEqual(new Map());
    expect(nativeCalls()?.flags(join(folder, 'none'))).toBeUndefined();
    rmSync(folder, { recursive: true });
  });
});
