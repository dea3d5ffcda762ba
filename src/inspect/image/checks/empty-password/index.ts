import { defineCheck } from '../../check.ts';
import { isLoginShell } from '../../inputs/image/accounts.ts';
import { cwe } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'empty-password',
  title: 'account that asks for no password, or has one in the image',
  severity: 'high',
  why: 'Whoever is inside becomes that account; over SSH or a login he gets in, and the hash of a password can be tried at home.',
  fix: 'lock the account (`passwd -l`)',
  vanishes: 'the account were locked',
  references: cwe(258),
  guide: ['C03', 'C04'],
  attack: ['T1078.001'],
  *image({ at, files }) {
    for (const { name, uid, shell, password, path, line } of files?.accounts ?? []) {
      const place = { path: `${at.path}!${path}`, line, pointer: name };
      if (password === 'empty' && isLoginShell(shell)) {
        yield { at: place, what: `asks for no password of ${name}`, severity: uid === 0 ? 'critical' : 'high' };
      } else if (password === 'set') {
        yield { at: place, what: `holds the hash of a password of ${name}`, severity: uid === 0 ? 'high' : 'medium' };
      }
    }
  },
});
