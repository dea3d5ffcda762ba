import { expect, it } from 'vitest';
import { unknownHint } from './unknown-hint.ts';

it('says where files of a collection are judged, and what to give instead of a hive', () => {
  const none = Buffer.from('x');
  expect(unknownHint('/e/Collection-web7.zip!uploads/auto/etc/passwd', none)).toMatch(
    /--bundle \/e\/Collection-web7\.zip`/,
  );
  expect(unknownHint('/e/uac-web7.tar.gz![root]/etc/passwd', none)).toMatch(/--bundle \/e\/uac-web7\.tar\.gz`/);
  expect(unknownHint('/e/kape.zip!C/Windows/System32/config/SOFTWARE', Buffer.from('regf\0'))).toMatch(/registry/);
  expect(unknownHint('/e/a.zip!etc/passwd', none)).toBeUndefined();
  expect(unknownHint('/e/uploads/auto/x', none)).toBeUndefined();
});
