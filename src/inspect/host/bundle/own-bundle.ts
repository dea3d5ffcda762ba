import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { VakthundError, type Location } from '../../../base/errors.ts';
import { quote, type ProblemList } from '../../../base/problem.ts';
import { StoredTree, type StoredEntry } from '../../tree/stored-tree.ts';
import { foreignMounts } from '../foreign-mounts.ts';
import { keyId } from '../integrity/keys.ts';
import { LiveHost } from '../proc/live-host.ts';
import { RecordedProc, type ProcAnswer } from '../proc/recorded-proc.ts';
import type { HostRow } from '../host-row.ts';
import type { Bundle, BundleLimits } from './bundle.ts';
import { storedEntryOf } from './file-row.ts';
import { bundleNames, manifestSchema, signatureSchema, type Manifest } from './manifest.ts';
import { linesOf, textOf, type Unpacked } from './unpack.ts';

/** A bundle of `host collect`. What does not agree with its manifest is a problem; a signature that does not fit refuses it. */
export function openOwnBundle(unpacked: Unpacked, limits: BundleLimits, problems: ProblemList): Bundle {
  const text = textOf(unpacked, bundleNames.manifest, limits.textBytes);
  const manifest = readManifest(text ?? '', unpacked.path);
  const signedBy = checkSignature(unpacked, text ?? '', limits);
  checkMembers(unpacked, manifest, problems);
  const proc = new RecordedProc(procAnswers(unpacked, problems));
  const tree = new StoredTree(unpacked.path, entriesOf(unpacked, problems), unpacked.contents);
  const { scope } = manifest;
  const refused = manifest.refused.length;
  return {
    form: 'vakthund',
    host: manifest.host,
    tree,
    live: scope === undefined ? undefined : new LiveHost(proc, scope),
    foreign: foreignMounts(proc, manifest.root),
    recorded: { proc, tables: tablesOf(unpacked, limits, problems) },
    signedBy,
    notChecked: [
      ...manifest.notChecked,
      ...manifest.refused.slice(0, maxRefused).map(({ path, why }) => ({ what: path, why: `not collected: ${why}` })),
      ...(refused > maxRefused ? [{ what: `${refused - maxRefused} more files`, why: 'not collected' }] : []),
    ],
    problems: problems.drain(),
    close: () => unpacked.contents.close(),
  };
}

/** Refused files that are told by name. */
const maxRefused = 20;

function readManifest(text: string, path: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new VakthundError('EVIDENCE_READ', `the manifest of "${path}" cannot be understood`, { cause: error });
  }
}

/** The id of the key that signed; undefined without a signature. */
function checkSignature(unpacked: Unpacked, manifest: string, limits: BundleLimits): string | undefined {
  const text = textOf(unpacked, bundleNames.signature, limits.textBytes);
  if (text === undefined) return undefined;
  try {
    const { publicKey, signature } = signatureSchema.parse(JSON.parse(text));
    const key = createPublicKey(publicKey);
    if (verify(null, Buffer.from(manifest), key, Buffer.from(signature, 'base64'))) return keyId(key);
  } catch (error) {
    throw new VakthundError('EVIDENCE_READ', `the signature of "${unpacked.path}" cannot be read`, { cause: error });
  }
  throw new VakthundError('EVIDENCE_READ', `the manifest of "${unpacked.path}" was changed after it was signed`);
}

function checkMembers({ path, members }: Unpacked, manifest: Manifest, problems: ProblemList): void {
  const told = new Map(manifest.members.map((member) => [member.name, member]));
  for (const [name, { sha256, type }] of members) {
    if (type !== 'file' || name === bundleNames.manifest || name === bundleNames.signature) continue;
    const known = told.get(name);
    told.delete(name);
    if (known?.sha256 === sha256) continue;
    const what = known === undefined ? 'is not in the manifest' : 'is not what the manifest says';
    problems.add({ code: 'checksum-mismatch', at: { path }, message: `the member ${quote(name)} ${what}` });
  }
  for (const name of told.keys()) {
    problems.add({ code: 'truncated', at: { path }, message: `the member ${quote(name)} is missing` });
  }
}

/** Lines of all members in a folder, with their places. */
function* linesIn(unpacked: Unpacked, folder: string): Generator<{ readonly text: string; readonly at: Location }> {
  for (const name of unpacked.members.keys()) {
    if (!name.startsWith(folder) || !name.endsWith('.jsonl')) continue;
    let line = 0;
    for (const text of linesOf(unpacked, name)) yield { text, at: { path: `${unpacked.path}!${name}`, line: ++line } };
  }
}

function* entriesOf(unpacked: Unpacked, problems: ProblemList): Generator<StoredEntry> {
  for (const { text, at } of linesIn(unpacked, bundleNames.files)) {
    const stored = storedEntryOf(text);
    if (stored === undefined) {
      problems.add({
        code: 'bad-record',
        at,
        message: 'a line of the list of files is damaged',
      });
      continue;
    }
    const content = unpacked.members.get(`${bundleNames.root}${stored.entry.path.slice(1)}`)?.place;
    yield content === undefined ? stored : { ...stored, content };
  }
}

function* procAnswers(unpacked: Unpacked, problems: ProblemList): Generator<ProcAnswer> {
  for (const { text, at } of linesIn(unpacked, bundleNames.proc)) {
    const answer = procAnswerOf(text);
    if (answer !== undefined) yield answer;
    else {
      problems.add({
        code: 'bad-record',
        at,
        message: 'a line about processes is damaged',
      });
    }
  }
}

function tablesOf(unpacked: Unpacked, limits: BundleLimits, problems: ProblemList): Map<string, readonly HostRow[]> {
  const tables = new Map<string, readonly HostRow[]>();
  for (const name of unpacked.members.keys()) {
    if (!name.startsWith(bundleNames.tables) || !name.endsWith('.json')) continue;
    const rows = rowsOf(textOf(unpacked, name, limits.textBytes) ?? '');
    if (rows !== undefined) tables.set(name.slice(bundleNames.tables.length, -'.json'.length), rows);
    else {
      problems.add({ code: 'bad-record', at: { path: unpacked.path }, message: `the table ${quote(name)} is damaged` });
    }
  }
  return tables;
}

const procAnswerSchema = z.object({
  path: z.string(),
  names: z.array(z.string()).exactOptional(),
  bytes: z.base64().exactOptional(),
  link: z.string().nullable().exactOptional(),
  links: z.number().nullable().exactOptional(),
  exists: z.boolean().exactOptional(),
});

function procAnswerOf(text: string): ProcAnswer | undefined {
  return parsed(procAnswerSchema, text);
}

const tableSchema = z.object({
  snapshot: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
});

function rowsOf(text: string): readonly HostRow[] | undefined {
  return parsed(tableSchema, text)?.snapshot;
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
