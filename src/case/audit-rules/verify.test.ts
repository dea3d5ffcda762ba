import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditctl, withAuditing } from '../../../tests/support/kernel-audit.ts';
import { AuditSocket, type AuditStatus } from '../../collect/linux/audit/audit-socket.ts';
import { readKernelAudit } from '../../collect/linux/audit/kernel-state.ts';
import { FolderTree } from '../../inspect/tree/folder-tree.ts';
import { probe } from './probe.ts';
import { verifyAuditRules } from './verify.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vakthund-rules-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** `check line` of each claim. */
function verdict(rules: string): string[] {
  put('/etc/passwd', 'root:x:0:0\n');
  put('/etc/audit/rules.d/a.rules', rules);
  const { claims } = verifyAuditRules({ tree: new FolderTree(root), machine: 'x86_64', files: [] });
  return claims.map(({ detector, line }) => `${detector.replace('audit-rules/', '')} ${line}`);
}

describe('files of audit rules', () => {
  it('are found wanting line by line, and good ones are not', () => {
    put('/etc/shadow');
    mkdirSync(join(root, 'etc/real'));
    symlinkSync('real', join(root, 'etc/link'));
    const good = '-i\n-w /etc/shadow -p wa -k s\n-w /etc/real -p wa -k r\n-a always,exit -F arch=b64 -S execve -k e\n';
    expect(verdict(`${good}-a always,exit -F arch=b32 -S execve -k e\n`)).toEqual([]);
    expect(
      verdict(
        [
          '-w /opt/none/here -p wa -k a',
          '-w /etc/later -p wa -k a',
          '-w /etc/link -p wa -k a',
          '-a always,exit -F arch=b64 -S no_such_call -k a',
          '-a always,exit -F arch=b64 -S openat -F auid=nobody-here -k a',
          '-w /etc/shadow -p r',
          '-w /etc/*.conf -p wa -k a',
          '-a always,exit -F arch=b64 -S execve -k e',
        ].join('\n'),
      ),
    ).toEqual([
      'refused-line 1',
      'stops-loading 1',
      'missing-path 2',
      'symbolic-link 3',
      'refused-line 4',
      'refused-line 5',
      'no-key 6',
      'wildcard 7',
      'missing-path 7',
      'no-architecture 8',
    ]);
  });

  it('tell rules that earlier ones hide, and only those', () => {
    mkdirSync(join(root, 'srv/in'), { recursive: true });
    expect(
      verdict(
        [
          '-i',
          '-a never,exit -F dir=/srv -F perm=wa',
          '-a always,exit -F dir=/srv/in -F perm=w -k hidden',
          '-a always,exit -F dir=/srv/in -F perm=rw -k seen',
          '-a never,exit -F arch=b64 -S connect -F uid=0',
          '-a always,exit -F arch=b64 -S connect -k seen',
          '-a always,exit -F arch=b32 -S connect -k seen',
          '-a always,exit -F arch=b64 -S connect -k again',
          '-a never,task',
        ].join('\n'),
      ),
    ).toEqual(['shadowed 3', 'duplicate 8', 'all-off 9']);
  });
});

const status: AuditStatus = {
  isEnabled: true,
  isLocked: false,
  daemonPid: 0,
  lost: 0,
  rateLimit: 0,
  backlogLimit: 8192,
};

function canProbe(): boolean {
  try {
    new AuditSocket(0).close();
    readKernelAudit();
    return auditctl('-s').includes('enabled') && !auditctl('-s').includes('enabled 2');
  } catch {
    return false;
  }
}

describe('what the kernel has loaded', () => {
  it('is told where it records nothing or loses records', () => {
    const kernel = { status: { ...status, isEnabled: false, lost: 7, backlogLimit: 64 }, rules: [] };
    const tree = new FolderTree(root);
    const { claims } = verifyAuditRules({ tree, machine: 'x86_64', files: [], kernel });
    expect(claims.map(({ detector }) => detector)).toEqual([
      'audit-rules/switched-off',
      'audit-rules/lost',
      'audit-rules/bounds',
    ]);
  });

  it.skipIf(!canProbe())('is read, compared and probed on this machine', { timeout: 120_000 }, async () => {
    const [kept, replaced, later] = ['kept', 'replaced', 'later'].map((name) => join(root, name));
    const rules = [kept, replaced, later].map((path) => ['-w', path ?? '', '-p', 'wa', '-k', 'vakthund-probe']);
    put('kept/a');
    put('replaced/a');
    put('test.rules', [...rules.map((words) => words.join(' ')), `-w ${root}/kept/a -p wa -k never-loaded`].join('\n'));
    const { claims } = await withAuditing(() => {
      for (const words of rules) auditctl(...words);
      renameSync(replaced ?? '', join(root, 'old'));
      put('replaced/b');
      put('later/b');
      const socket = new AuditSocket(1 << 22);
      try {
        return verifyAuditRules({
          tree: new FolderTree('/'),
          machine: 'x86_64',
          files: [join(root, 'test.rules')],
          kernel: readKernelAudit(),
          probe: (rule) => (rule.watch?.path.startsWith(root) === true ? probe(rule, socket) : { untried: 'not ours' }),
        });
      } finally {
        socket.close();
        for (const [, path = ''] of rules) auditctl('-W', path, '-p', 'wa', '-k', 'vakthund-probe');
      }
    });
    const ours = claims.filter(({ about }) => about?.some((what) => what.includes(root)) === true);
    expect(ours.map(({ detector, about }) => `${detector} ${about?.[0]?.split(' ')[1]?.replace(root, '')}`)).toEqual([
      'audit-rules/not-loaded /kept/a',
      'audit-rules/not-recursive /later',
      'audit-rules/does-not-fire /replaced',
    ]);
  });
});
