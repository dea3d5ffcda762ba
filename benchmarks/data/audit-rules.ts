import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const shipped = fileURLToPath(new URL('../../content/audit-rules/vakthund.rules', import.meta.url));
/** Carried by every rule that is loaded here, so that those and no others are taken away again. */
const ownKey = 'vakthund-bench';

/** Why rules for a measurement cannot be loaded; undefined when they can. */
export function whyNoAuditRules(): string | undefined {
  const { status, stdout } = spawnSync('auditctl', ['-l'], { encoding: 'utf8' });
  if (status !== 0) return 'auditctl cannot be run';
  return stdout.trim() === 'No rules' ? undefined : 'this machine has audit rules of its own';
}

/** Does something while the shipped audit rules, and more, are loaded and the audit is on; then both are as before. */
export async function whileAuditing<T>(
  folder: string,
  work: () => Promise<T>,
  more: readonly string[] = [],
): Promise<T> {
  const wasOn = spawnSync('auditctl', ['-s'], { encoding: 'utf8' }).stdout.includes('enabled 1');
  const file = join(folder, 'bench.rules');
  const lines = [...readFileSync(shipped, 'utf8').split('\n'), ...more];
  writeFileSync(file, `${lines.map((line) => (/^-[aw] /.test(line) ? `${line} -k ${ownKey}` : line)).join('\n')}\n`);
  try {
    spawnSync('auditctl', ['-R', file]);
    spawnSync('auditctl', ['-e', '1']);
    return await work();
  } finally {
    spawnSync('auditctl', ['-D', '-k', ownKey]);
    if (!wasOn) spawnSync('auditctl', ['-e', '0']);
  }
}
