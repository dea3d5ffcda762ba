/** Programs whose calls have records: what they are called, and their procedures by number (RFC 1833; RFC 1813 for MOUNT). */
interface Program {
  readonly name: string;
  readonly procedures: readonly string[];
}

const nfs3: readonly string[] = [
  'NULL',
  'GETATTR',
  'SETATTR',
  'LOOKUP',
  'ACCESS',
  'READLINK',
  'READ',
  'WRITE',
  'CREATE',
  'MKDIR',
  'SYMLINK',
  'MKNOD',
  'REMOVE',
  'RMDIR',
  'RENAME',
  'LINK',
  'READDIR',
  'READDIRPLUS',
  'FSSTAT',
  'FSINFO',
  'PATHCONF',
  'COMMIT',
];

const nfs2: readonly string[] = [
  'NULL',
  'GETATTR',
  'SETATTR',
  'ROOT',
  'LOOKUP',
  'READLINK',
  'READ',
  'WRITECACHE',
  'WRITE',
  'CREATE',
  'REMOVE',
  'RENAME',
  'LINK',
  'SYMLINK',
  'MKDIR',
  'RMDIR',
  'READDIR',
  'STATFS',
];

/** Procedures of NFS by version (RFC 1094, 1813, 7530): the last has one that holds a list of operations. */
const nfsVersions: Readonly<Record<number, readonly string[]>> = { 2: nfs2, 3: nfs3, 4: ['NULL', 'COMPOUND'] };

const programs: Readonly<Record<number, Program>> = {
  100_000: { name: 'portmap', procedures: ['NULL', 'SET', 'UNSET', 'GETPORT', 'DUMP', 'CALLIT'] },
  100_003: { name: 'nfs', procedures: [] },
  100_005: { name: 'mount', procedures: ['NULL', 'MNT', 'DUMP', 'UMNT', 'UMNTALL', 'EXPORT'] },
};

/** Names of other programs that a portmapper is asked for. */
const otherPrograms: Readonly<Record<number, string>> = {
  100_001: 'rstatd',
  100_002: 'rusersd',
  100_004: 'ypserv',
  100_007: 'ypbind',
  100_009: 'yppasswdd',
  100_021: 'nlockmgr',
  100_024: 'status',
  100_227: 'nfs_acl',
  100_232: 'sadmind',
};

/** Service of a program that is known; undefined for others. */
export function serviceOf(program: number): string | undefined {
  return programs[program]?.name;
}

export function programName(program: number): string {
  return serviceOf(program) ?? otherPrograms[program] ?? String(program);
}

export function procedureName(program: number, version: number, procedure: number): string {
  const names = programs[program]?.name === 'nfs' ? nfsVersions[version] : programs[program]?.procedures;
  return names?.[procedure] ?? `unknown-${procedure}`;
}

/** Procedures of NFS that come with every look at a file, and are not worth a record. */
export const frequentProcedures: ReadonlySet<string> = new Set([
  'NULL',
  'GETATTR',
  'ACCESS',
  'READ',
  'WRITE',
  'COMMIT',
  'FSSTAT',
  'FSINFO',
  'PATHCONF',
  'ROOT',
  'WRITECACHE',
  'STATFS',
]);
