import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderTree } from '../../inspect/tree/folder-tree.ts';
import { loadRuleSets } from '../search-rules.ts';
import { generateAuditRules } from './generate.ts';
import { auditNeeds } from './needs.ts';
import { verifyAuditRules } from './verify.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vakthund-generate-'));
  for (const path of ['/etc/shadow', '/etc/cron.d/a', '/etc/crontab', '/usr/sbin/runc', '/srv/keys/a', '/etc/passwd']) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  symlinkSync('../sbin/runc', join(root, 'usr/bin/runc'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const own = `
- rule: Key of ours read
  desc: d
  condition: evt.type in (open, openat) and evt.is_open_read = true and fd.name startswith /srv/keys/ and not fd.name startswith /etc/ssl
  output: o
  priority: WARNING
- rule: Link to a key of ours
  desc: d
  condition: evt.type in (symlink, symlinkat) and evt.arg.target startswith /srv/keys/
  output: o
  priority: WARNING
- rule: Handle opened
  desc: d
  condition: evt.type = open_by_handle_at
  output: o
  priority: WARNING
`;

describe('generated audit rules', () => {
  it('ask for what the detections look at, on both architectures, and for the engines, as far as it is there', () => {
    writeFileSync(join(root, 'own.yaml'), own);
    const rules = loadRuleSets([join(root, 'own.yaml')]).flatMap(({ set }) => set.rules);
    const tree = new FolderTree(root);
    const text = generateAuditRules({ rules, tree, machine: 'x86_64' });
    const lines = text.split('\n');
    for (const line of [
      '-a always,exit -F arch=b64 -S execve,execveat -k exec',
      '-a always,exit -F arch=b32 -S execve,execveat -k exec',
      '-a always,exit -F arch=b64 -S open_by_handle_at -k open_by_handle_at',
      '-a always,exit -F arch=b32 -S open_by_handle_at -k open_by_handle_at',
      '-a always,exit -F arch=b64 -F auid!=unset -F dir=/srv/keys -F perm=r -k srv-keys',
      '-a always,exit -F arch=b64 -S symlink,symlinkat -F success=1 -k links',
      '-a always,exit -F arch=b32 -S symlink,symlinkat -F success=1 -k links',
      '-w /etc/cron.d -p wa -k etc-cron',
      '-w /etc/crontab -p wa -k etc-cron',
      '-w /etc/shadow -p wa -k etc-shadow',
      '-w /usr/sbin/runc -p wa -k container-engine',
    ]) {
      expect(lines).toContain(line);
    }
    expect(text).not.toMatch(/^-[aw].*(?:\/usr\/bin\/runc|dockerd|\/etc\/ssl)/m);
    expect(text).toMatch(/^# \/etc\/sudoers: .*; not there$/m);
  });

  it('leave symbolic links out where no detection asks where they lead', () => {
    writeFileSync(
      join(root, 'own.yaml'),
      own.replaceAll('evt.arg.target startswith /srv/keys/', 'fd.name = /srv/keys/a'),
    );
    const rules = loadRuleSets([join(root, 'own.yaml')]).flatMap(({ set }) => set.rules);
    const only = rules.filter(({ title }) => title === 'Link to a key of ours');
    expect([...auditNeeds(only).calls.keys()]).toEqual([]);
  });

  it('have no fault that can be found', () => {
    const tree = new FolderTree(root);
    const rules = loadRuleSets([]).flatMap(({ set }) => set.rules);
    writeFileSync(join(root, 'made.rules'), generateAuditRules({ rules, tree, machine: 'x86_64' }));
    const { claims } = verifyAuditRules({ tree, machine: 'x86_64', files: ['/made.rules'] });
    expect(claims.map(({ detector, about }) => `${detector} ${about?.join(' ')}`)).toEqual([]);
  });
});
