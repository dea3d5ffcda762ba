import type { AuditRule } from './host.ts';

/** `auditctl -l`, or a file of `/etc/audit/rules.d`. */
export function isAuditRules(text: string): boolean {
  return /^(?:-w \/|-a \S+,\S+ |No rules\s*$)/m.test(text.slice(0, 20_000));
}

/** The watches and rules of a list, in both spellings: `-w PATH -p wa` and `-a always,exit -F path=PATH -F perm=wa`. */
export function readAuditRules(text: string): AuditRule[] {
  return text.split('\n').flatMap((line, index) => ruleOf(line.trim(), index + 1) ?? []);
}

function ruleOf(line: string, number: number): AuditRule | undefined {
  const watch = /^-w (?<path>\S+)(?:.* -p (?<permissions>[rwxa]+))?/.exec(line)?.groups;
  if (watch !== undefined) {
    return { path: trimmed(watch['path'] ?? ''), permissions: watch['permissions'] ?? 'rwxa', line: number };
  }
  if (!/^-a \S*always/.test(line)) return undefined;
  const path = /-F (?:path|dir)=(?<path>\S+)/.exec(line)?.groups?.['path'];
  const permissions = /-F perm=(?<permissions>[rwxa]+)/.exec(line)?.groups?.['permissions'];
  return { path: path === undefined ? undefined : trimmed(path), permissions: permissions ?? 'rwxa', line: number };
}

function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
