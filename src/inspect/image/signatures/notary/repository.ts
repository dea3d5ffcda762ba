import { messageOf } from '../../../../base/errors.ts';
import { formatIso } from '../../../../base/time.ts';
import type { CheckList } from '../_checks/checks.ts';
import { asObject, type JsonObject } from '../_checks/json.ts';
import { listOf, textOf } from '../../json.ts';
import type { ContentTrust, Trust } from '../../signature-scheme.ts';
import { digestIn, isNamedBy, isSigned, readRole, readSigners, type RoleFile } from './metadata.ts';
import type { NotaryKey } from './keys.ts';

/** A name that somebody signed. */
export interface Target {
  readonly role: string;
  readonly name: string;
  /** `sha256:…`. */
  readonly digest: string;
  readonly length: unknown;
}

export interface VerifiedRepository {
  readonly rootKeys: readonly NotaryKey[];
  /** Of delegations first, the most specific being `targets/releases`, and then those of `targets` itself: the order of Docker. */
  readonly targets: readonly Target[];
}

/** Delegated roles that are followed, and their nesting. */
const maxRoles = 256;
const maxDepth = 8;

/** A part that does not hold; it ends the verification. */
class Fault extends Error {}

/**
 * Verifies the metadata of a repository from the root down: signatures and thresholds, that timestamp and snapshot are about these
 * very files, expiry. Undefined when something does not hold; `checks` says what.
 */
export function verifyRepository(trust: Trust, checks: CheckList): VerifiedRepository | undefined {
  const { contentTrust } = trust;
  if (contentTrust === undefined) return undefined;
  try {
    const root = read(contentTrust, 'root', 'root');
    const rootKeys = signersFor(root, 'root').keys;
    judgeRoot(root, rootKeys, contentTrust, checks);
    const timestamp = readSigned(contentTrust, root, 'timestamp');
    const snapshot = readSigned(contentTrust, root, 'snapshot');
    const targets = readSigned(contentTrust, root, 'targets');
    demand(isNamedBy(timestamp, 'snapshot', snapshot.bytes), 'the timestamp is about another snapshot');
    demand(isNamedBy(snapshot, 'root', root.bytes), 'the snapshot is about another root');
    demand(isNamedBy(snapshot, 'targets', targets.bytes), 'the snapshot is about other targets');
    const delegated = readDelegations(contentTrust, snapshot, targets);
    const files = new Map([
      ['root', root],
      ['timestamp', timestamp],
      ['snapshot', snapshot],
      ['targets', targets],
      ...delegated,
    ]);
    checks.passed('format', `TUF metadata of Notary v1: ${[...files.keys()].join(', ')}`);
    checks.passed('signature', 'every file is signed by enough of the keys that may');
    checks.passed('chain', 'timestamp and snapshot are about these very files');
    judgeExpiry(files, trust, checks);
    const ordered = [...delegated].sort(
      ([left], [right]) => Number(right === 'targets/releases') - Number(left === 'targets/releases'),
    );
    const all = [...ordered, ['targets', targets] as const];
    return { rootKeys, targets: all.flatMap(([name, file]) => targetsIn(name, file)) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    checks.failed('signature', messageOf(error));
    return undefined;
  }
}

function read({ roles }: ContentTrust, name: string, type: string): RoleFile {
  const bytes = roles.get(name);
  if (bytes === undefined) throw new Fault(`${name}.json is not there`);
  const file = readRole(bytes, type);
  if (typeof file === 'string') throw new Fault(`${name}.json: ${file}`);
  return file;
}

function signersFor(root: RoleFile, role: string): Exclude<ReturnType<typeof readSigners>, string> {
  const signers = readSigners(root.signed['keys'], asObject(root.signed['roles'])?.[role]);
  if (typeof signers === 'string') throw new Fault(`the role ${role}: ${signers}`);
  return signers;
}

function readSigned(contentTrust: ContentTrust, root: RoleFile, role: string): RoleFile {
  const file = read(contentTrust, role, role);
  demand(isSigned(file, signersFor(root, role)), `${role}.json is not signed by enough of its keys`);
  return file;
}

/** The root signs itself; whether it is the right one is known only from a pinned one, which must have signed it too. */
function judgeRoot(root: RoleFile, keys: readonly NotaryKey[], contentTrust: ContentTrust, checks: CheckList): void {
  demand(isSigned(root, signersFor(root, 'root')), 'root.json is not signed by enough of its own keys');
  const { pinnedRoot, pinnedCertificates } = contentTrust;
  const ids = keys.map(({ id }) => id).join(', ');
  if (pinnedRoot !== undefined) {
    const fault = pinFault(root, pinnedRoot);
    checks.require('root', fault === undefined, `signed by the pinned root, key ${ids}`, fault ?? '');
  } else if (pinnedCertificates.length > 0) {
    const isPinned = keys.some(({ certificate }) =>
      pinnedCertificates.some(({ raw }) => certificate?.raw.equals(raw) === true),
    );
    checks.require(
      'root',
      isPinned,
      `the key ${ids} is pinned`,
      `the root key ${ids} is none of the pinned certificates`,
    );
  } else {
    const how = 'pin it with --root-certificate or --trusted-root';
    checks.notChecked('root', `the root with the key ${ids} agrees with itself, as any would: ${how}`);
  }
}

/** Why the root is no successor of a pinned one, nor the same. */
function pinFault(root: RoleFile, pinnedRoot: Buffer): string | undefined {
  const pinned = readRole(pinnedRoot, 'root');
  if (typeof pinned === 'string') return `the pinned root: ${pinned}`;
  if (root.version < pinned.version) return `version ${root.version} is older than the pinned ${pinned.version}`;
  return isSigned(root, signersFor(pinned, 'root')) ? undefined : 'it is not signed by the pinned root';
}

function readDelegations(contentTrust: ContentTrust, snapshot: RoleFile, targets: RoleFile): [string, RoleFile][] {
  const found: [string, RoleFile][] = [];
  const open: { readonly parent: RoleFile; readonly depth: number }[] = [{ parent: targets, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const delegations = asObject(next.parent.signed['delegations']) ?? {};
    for (const value of listOf(delegations['roles'])) {
      const role = asObject(value) ?? {};
      const name = textOf(role['name']) ?? '';
      // A delegation whose file nobody published says nothing.
      if (!contentTrust.roles.has(name) || found.some(([known]) => known === name)) continue;
      if (found.length >= maxRoles || next.depth > maxDepth) {
        throw new Fault('there are more delegations than are followed');
      }
      const file = read(contentTrust, name, 'targets');
      const signers = readSigners(delegations['keys'], role);
      if (typeof signers === 'string') throw new Fault(`the role ${name}: ${signers}`);
      demand(isSigned(file, signers), `${name}.json is not signed by enough of its keys`);
      demand(isNamedBy(snapshot, name, file.bytes), `the snapshot is about another ${name}`);
      found.push([name, restricted(file, role)]);
      open.push({ parent: file, depth: next.depth + 1 });
    }
  }
  return found;
}

/** Only names that begin with one of the delegated paths count. */
function restricted(file: RoleFile, role: JsonObject): RoleFile {
  const paths = listOf(role['paths']).filter((path) => typeof path === 'string');
  const targets = Object.entries(asObject(file.signed['targets']) ?? {});
  const allowed = targets.filter(([name]) => paths.some((path) => name.startsWith(path)));
  return { ...file, signed: { ...file.signed, targets: Object.fromEntries(allowed) } };
}

function judgeExpiry(files: ReadonlyMap<string, RoleFile>, { at }: Trust, checks: CheckList): void {
  const [first] = [...files].sort(([, left], [, right]) => left.expires - right.expires);
  if (first === undefined) return;
  const [name, { expires }] = first;
  checks.require(
    'expiry',
    at <= expires,
    `first ${name}, ${formatIso(expires)}`,
    `${name} ran out ${formatIso(expires)}`,
  );
}

function targetsIn(role: string, { signed }: RoleFile): Target[] {
  return Object.entries(asObject(signed['targets']) ?? {}).flatMap(([name, value]) => {
    const entry = asObject(value) ?? {};
    const digest = digestIn(entry);
    return digest === undefined ? [] : [{ role, name, digest: `sha256:${digest}`, length: entry['length'] }];
  });
}

function demand(holds: boolean, fault: string): void {
  if (!holds) throw new Fault(fault);
}
