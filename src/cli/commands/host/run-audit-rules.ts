import { machine } from 'node:os';
import { resolve } from 'node:path';
import { statSync } from 'node:fs';
import { messageOf, VakthundError } from '../../../base/errors.ts';
import type { VerifyOptions } from '../../../case/audit-rules/verify.ts';
import { FolderTree } from '../../../inspect/tree/folder-tree.ts';
import type { ExitCode } from '../../command.ts';
import { printInspection, type InspectionOptions } from '../../print-inspection.ts';
import type { Terminal } from '../../terminal.ts';

export interface AuditRulesOptions extends InspectionOptions {
  readonly root?: string;
  readonly probe?: boolean;
}

/** `host audit-rules verify`: the rules of this machine, or with `--root` those of another. Files of a root are named as seen in it. */
export async function verifyCommand(
  files: readonly string[],
  options: AuditRulesOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { root, probe } = options;
  if (root !== undefined && probe === true) {
    throw new VakthundError('USAGE', 'only the rules of this machine can be probed: leave out --root or --probe');
  }
  const tree = treeOf(root);
  const paths = files.map((file) => (root === undefined ? resolve(file) : file));
  for (const path of paths) {
    if (tree.stat(path)?.type !== 'file') throw new VakthundError('NOT_FOUND', `there is no file "${path}"`);
  }
  const { verifyAuditRules } = await import('../../../case/audit-rules/verify.ts');
  const verify = { tree, machine: machine(), files: paths };
  if (root !== undefined) return printInspection(verifyAuditRules(verify), options, terminal, tree);
  const kernel = await kernelAudit();
  if (probe !== true) return printInspection(verifyAuditRules({ ...verify, kernel }), options, terminal, tree);
  if ('why' in kernel || !kernel.status.isEnabled) {
    const why = 'why' in kernel ? kernel.why : 'the audit is switched off (auditctl -e 1)';
    throw new VakthundError('NOT_FOUND', `the watches cannot be probed: ${why}`);
  }
  const { AuditSocket } = await import('../../../collect/linux/audit/audit-socket.ts');
  const { probe: touch } = await import('../../../case/audit-rules/probe.ts');
  const socket = new AuditSocket(16 * 1024 * 1024);
  try {
    const inspection = verifyAuditRules({ ...verify, kernel, probe: (rule) => touch(rule, socket) });
    return await printInspection(inspection, options, terminal, tree);
  } finally {
    socket.close();
  }
}

export interface GenerateRulesOptions {
  readonly root?: string;
  readonly rules: readonly string[];
}

/** `host audit-rules generate`: the rules on standard output. */
export async function generateCommand({ root, rules }: GenerateRulesOptions, terminal: Terminal): Promise<ExitCode> {
  const tree = treeOf(root);
  const { loadRuleSets } = await import('../../../case/search-rules.ts');
  const { generateAuditRules } = await import('../../../case/audit-rules/generate.ts');
  const loaded = loadRuleSets(rules.map((path) => resolve(path))).flatMap(({ set }) => set.rules);
  terminal.out(generateAuditRules({ rules: loaded, tree, machine: machine() }));
  return 0;
}

function treeOf(root: string | undefined): FolderTree {
  if (root !== undefined && statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new VakthundError('NOT_FOUND', `there is no folder "${root}"`);
  }
  return new FolderTree(root === undefined ? '/' : resolve(root));
}

async function kernelAudit(): Promise<NonNullable<VerifyOptions['kernel']>> {
  try {
    const { readKernelAudit } = await import('../../../collect/linux/audit/kernel-state.ts');
    return readKernelAudit();
  } catch (error) {
    return { why: `${messageOf(error)}; it needs root, outside of a container` };
  }
}
