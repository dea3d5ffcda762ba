import { setPriority } from 'node:os';
import { resolve } from 'node:path';
import { formatBytes } from '../../../base/bytes.ts';
import { VakthundError } from '../../../base/errors.ts';
import { collectBundle, type Collected } from '../../../inspect/host/bundle/collect.ts';
import { keyId, openSigningKey } from '../../../inspect/host/integrity/keys.ts';
import type { ExitCode } from '../../command.ts';
import { createProgress } from '../../progress.ts';
import type { Terminal } from '../../terminal.ts';
import type { CollectCommandOptions } from './collect-options.ts';
import { rootFolder, scopeOf } from '../../root-folder.ts';

/** Nice value: whatever else runs on the machine goes first. */
const lowPriority = 15;
/** Refused files that are told by name. */
const maxTold = 5;

/** `host collect`: a machine in one file. */
export async function collectHost(options: CollectCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const root = rootFolder(options.root);
  const key = options.key === undefined ? undefined : openSigningKey(options.key);
  setPriority(lowPriority);
  const progress = createProgress(terminal);
  const output = resolve(options.output);
  const collected = await collectBundle(output, {
    root,
    scope: scopeOf(root),
    limits: {
      fileBytes: megabytes(options.maxFile, '--max-file'),
      totalBytes: megabytes(options.maxSize, '--max-size'),
      seconds: positive(options.timeout, '--timeout'),
    },
    hasLogs: options.logs,
    ...(key === undefined ? {} : { key }),
    signal: terminal.signal,
    onProgress: (what, done, total) => progress.show({ phase: 'detect', what, done, total }),
  });
  progress.end();
  print(collected, output, key === undefined ? undefined : keyId(key), terminal);
  return 0;
}

function print(
  { manifest, sha256, bytes }: Collected,
  path: string,
  key: string | undefined,
  terminal: Terminal,
): void {
  const { host, members, refused, notChecked, started, ended } = manifest;
  if (terminal.json) {
    const bundle = {
      path,
      sha256,
      host,
      started,
      ended,
      members: members.length,
      bytes,
      ...(key === undefined ? {} : { key }),
    };
    terminal.out(`${JSON.stringify({ bundle, refused, not_checked: notChecked }, null, 1)}\n`);
    return;
  }
  terminal.out(`${members.length} members, ${formatBytes(bytes)} of ${host} in ${path}\nsha256 ${sha256}\n`);
  if (key !== undefined) terminal.out(`key    ${key}\n`);
  if (terminal.quiet) return;
  for (const { what, why } of notChecked) terminal.talk(`note: ${what}: ${why}\n`);
  for (const { path: left, why } of refused.slice(0, maxTold)) terminal.talk(`note: ${left} was left out: ${why}\n`);
  if (refused.length > maxTold) {
    terminal.talk(`note: ${refused.length - maxTold} more were left out; the manifest names them\n`);
  }
  if (key === undefined) terminal.talk('note: write the sha256 down where nobody can change it, or sign with --key\n');
}

function megabytes(text: string, option: string): number {
  return positive(text, option) * 2 ** 20;
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new VakthundError('USAGE', `${option} needs a number over 0, not "${text}"`);
}
