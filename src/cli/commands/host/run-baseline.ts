import { existsSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { VakthundError } from '../../../base/errors.ts';
import {
  acceptChanges,
  checkBaseline,
  createBaseline,
  type Checked,
} from '../../../inspect/host/integrity/baseline.ts';
import { shownPath } from '../../../inspect/host/integrity/attributes.ts';
import { hasHistory, readHistory, signingKeyName, type Link } from '../../../inspect/host/integrity/history.ts';
import { keyId, openSigningKey } from '../../../inspect/host/integrity/keys.ts';
import { readPolicy } from '../../../inspect/host/integrity/policy.ts';
import { FolderTree } from '../../../inspect/tree/folder-tree.ts';
import type { Inspection } from '../../../inspect/claim.ts';
import type { ExitCode } from '../../command.ts';
import { withCase } from '../../context.ts';
import { printInspection } from '../../print-inspection.ts';
import type { Terminal } from '../../terminal.ts';
import type { AcceptOptions, BaselineOptions, CheckOptions, CreateOptions } from './baseline-options.ts';
import { talkProblems } from './talk-problems.ts';

const shippedPolicy = fileURLToPath(new URL('../../../../content/integrity/policy.yaml', import.meta.url));

/** `host baseline create`: writes down what is there, signed. */
export async function createBaselineCommand(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.optsWithGlobals<CreateOptions>();
  const folder = folderOf(options);
  if (hasHistory(folder)) {
    throw new VakthundError('USAGE', `there is a baseline in "${folder}"`, {
      hint: 'vakthund host baseline accept writes the next one; another --store begins anew',
    });
  }
  const policyFile = options.policy ?? shippedPolicy;
  const policy = readPolicy(readText(policyFile), policyFile);
  const root = rootOf(options.root);
  const keyFile = options.key ?? join(folder, signingKeyName);
  const key = openSigningKey(keyFile);
  const { link, problems } = await createBaseline(root, policy, { folder, key }, { signal: terminal.signal });
  const { head } = readHistory(folder);
  const about = { store: folder, files: link.database.files, key: keyId(key), head, created: link.created };
  if (terminal.json) terminal.out(`${JSON.stringify({ baseline: about, problems }, null, 1)}\n`);
  else {
    terminal.out(
      `${link.database.files} files of ${root} written down in ${folder}\nhead ${head}\nkey  ${about.key}\n`,
    );
    if (!terminal.quiet) {
      talkProblems(problems, terminal);
      if (options.key === undefined) {
        terminal.talk(`note: whoever is root here can use the key; keep ${keyFile} elsewhere and name it with --key\n`);
      }
    }
  }
  return 0;
}

/** `host baseline check`: what is not as it was, as findings. */
export async function checkBaselineCommand(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.optsWithGlobals<CheckOptions>();
  const root = options.root === undefined ? {} : { root: rootOf(options.root) };
  const checked = await checkBaseline(
    { folder: folderOf(options), ...(options.key === undefined ? {} : { key: options.key }), ...headOf(options) },
    { signal: terminal.signal, isFull: options.full === true, ...root },
  );
  if (!terminal.quiet) talkChecked(checked, terminal);
  const inspection = await withActors(checked, options, terminal);
  return printInspection(inspection, options, terminal, new FolderTree(inspection.subject));
}

/** What the case knows of who changed the files, where this machine was looked at and a watch recorded it. */
async function withActors(checked: Checked, options: CheckOptions, terminal: Terminal): Promise<Inspection> {
  const { inspection, history } = checked;
  if (inspection.subject !== '/' || inspection.claims.length === 0 || !existsSync(resolve(options.case))) {
    return inspection;
  }
  const { nameActors } = await import('../../../case/change-actors.ts');
  return withCase(options, terminal, (service) =>
    nameActors(inspection, hostname(), history.last.created, (sql, maxRows) =>
      service.query({ sql, maxRows, timeoutMs: askTimeoutMs }, { signal: terminal.signal }),
    ),
  );
}

const askTimeoutMs = 30_000;

/** `host baseline accept`: what is there now becomes the next link. */
export async function acceptBaselineCommand(
  paths: readonly string[],
  command: Command,
  terminal: Terminal,
): Promise<ExitCode> {
  const options = command.optsWithGlobals<AcceptOptions>();
  const folder = folderOf(options);
  const keyFile = options.key ?? join(folder, signingKeyName);
  if (statSync(keyFile, { throwIfNoEntry: false }) === undefined) {
    throw new VakthundError('NOT_FOUND', `the key "${keyFile}" is not there`, {
      hint: 'name the private key with --key',
    });
  }
  const key = openSigningKey(keyFile);
  const checked = await checkBaseline({ folder, key: keyFile, ...headOf(options) }, { signal: terminal.signal });
  const { link, accepted } = await acceptChanges(
    checked,
    paths.map((path) => path.replace(/(?<=.)\/$/, '')),
    { folder, key },
  );
  const { head } = readHistory(folder, { key: keyFile });
  print(link, head, accepted, checked, terminal);
  return 0;
}

function print(link: Link, head: string, accepted: Checked['changes'], checked: Checked, terminal: Terminal): void {
  const list = accepted.map(({ kind, path, attributes }) => ({
    kind,
    path: shownPath(path),
    attributes: attributes.map(({ attribute }) => attribute),
  }));
  const left = checked.changes.length - accepted.length;
  if (terminal.json) {
    terminal.out(`${JSON.stringify({ accepted: list, left, sequence: link.sequence, head }, null, 1)}\n`);
    return;
  }
  for (const { kind, path, attributes } of list) {
    terminal.out(`${kind.padEnd(8)} ${path} ${attributes.join(' ')}`.trimEnd() + '\n');
  }
  terminal.out(`${list.length} changes accepted, ${left} left; link ${link.sequence}\nhead ${head}\n`);
}

function talkChecked({ history, snapshot, updates }: Checked, terminal: Terminal): void {
  const { last, links } = history;
  const { files, hashedFiles, hashedBytes } = snapshot;
  terminal.talk(
    `${files} files against link ${last.sequence} of ${links.length} (${last.created}); ${hashedFiles} read, ${Math.round(hashedBytes / 1e6)} MB\n`,
  );
  for (const { name, from, to, paths } of updates) {
    terminal.talk(`explained: ${name}${versionsText(from, to)}: ${paths.length} changes\n`);
  }
}

function versionsText(from: string, to: string): string {
  if (from === to) return from === '' ? '' : ` ${from} installed again`;
  return ` ${from === '' ? 'new' : from} → ${to === '' ? 'removed' : to}`;
}

/** By default in the case. */
function folderOf(options: BaselineOptions): string {
  return resolve(options.store ?? join(options.case, 'baseline'));
}

function headOf({ head }: { readonly head?: string }): { readonly head?: string } {
  return head === undefined ? {} : { head };
}

function rootOf(root = '/'): string {
  const folder = resolve(root);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new VakthundError('NOT_FOUND', `there is no folder "${root}"`);
  }
  return folder;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new VakthundError('NOT_FOUND', `"${path}" cannot be read`, { cause: error });
  }
}
