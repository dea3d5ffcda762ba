/** Numbers of `linux/audit.h`. */
export const filterLists: Readonly<Record<number, string>> = {
  0: 'user',
  1: 'task',
  4: 'exit',
  5: 'exclude',
  6: 'filesystem',
  7: 'io_uring',
};

/** Fields of a rule by their numbers. */
export const fieldNumbers: Readonly<Record<string, number>> = {
  pid: 0,
  uid: 1,
  euid: 2,
  suid: 3,
  fsuid: 4,
  gid: 5,
  egid: 6,
  sgid: 7,
  fsgid: 8,
  auid: 9,
  pers: 10,
  arch: 11,
  msgtype: 12,
  subj_user: 13,
  subj_role: 14,
  subj_type: 15,
  subj_sen: 16,
  subj_clr: 17,
  ppid: 18,
  obj_user: 19,
  obj_role: 20,
  obj_type: 21,
  obj_lev_low: 22,
  obj_lev_high: 23,
  sessionid: 25,
  fstype: 26,
  devmajor: 100,
  devminor: 101,
  inode: 102,
  exit: 103,
  success: 104,
  path: 105,
  perm: 106,
  dir: 107,
  filetype: 108,
  obj_uid: 109,
  obj_gid: 110,
  exe: 112,
  saddr_fam: 113,
  a0: 200,
  a1: 201,
  a2: 202,
  a3: 203,
  key: 210,
};
/** Other names of the same. */
export const fieldAliases: Readonly<Record<string, string>> = { loginuid: 'auid', sesid: 'sessionid' };
export const compareField = 111;
export const fieldNames: ReadonlyMap<number, string> = new Map(
  Object.entries(fieldNumbers).map(([name, number]) => [number, name]),
);

/** Fields whose value is text, which the kernel keeps behind the rule. */
export const textFields: ReadonlySet<string> = new Set([
  'subj_user',
  'subj_role',
  'subj_type',
  'subj_sen',
  'subj_clr',
  'obj_user',
  'obj_role',
  'obj_type',
  'obj_lev_low',
  'obj_lev_high',
  'path',
  'dir',
  'exe',
  'key',
]);
export const userFields: ReadonlySet<string> = new Set(['uid', 'euid', 'suid', 'fsuid', 'auid', 'obj_uid']);
export const groupFields: ReadonlySet<string> = new Set(['gid', 'egid', 'sgid', 'fsgid', 'obj_gid']);

/** Operators by their bits. */
export const operators: Readonly<Record<number, string>> = {
  0x4000_0000: '=',
  0x3000_0000: '!=',
  0x1000_0000: '<',
  0x2000_0000: '>',
  0x5000_0000: '<=',
  0x6000_0000: '>=',
  0x0800_0000: '&',
  0x4800_0000: '&=',
};

/** Pairs of fields that `-C` compares, by the kernel's number of the pair (`AUDIT_COMPARE_…`). */
const pairs =
  '-, uid obj_uid, gid obj_gid, euid obj_uid, egid obj_gid, auid obj_uid, suid obj_uid, sgid obj_gid, ' +
  'fsuid obj_uid, fsgid obj_gid, uid auid, uid euid, uid fsuid, uid suid, auid fsuid, auid suid, auid euid, ' +
  'euid suid, euid fsuid, suid fsuid, gid egid, gid fsgid, gid sgid, egid fsgid, egid sgid, sgid fsgid';
export const comparisons: readonly string[] = pairs.split(', ');

/** Bits of `perm=`, `AUDIT_PERM_…`. */
export function permissionText(bits: number): string {
  return [4, 2, 1, 8].map((bit, index) => ((bits & bit) === 0 ? '' : ('rwxa'[index] ?? ''))).join('');
}

export const allPermissions = 'rwxa';
export const unsetId = 4_294_967_295;

/** AUDIT_ARCH_ codes of the machines that `b64` and `b32` stand for. */
export const archCodes: Readonly<
  Record<string, { readonly b64: number; readonly b32?: number; readonly table32?: string }>
> = {
  x86_64: { b64: 0xc000_003e, b32: 0x4000_0003, table32: 'i386' },
  aarch64: { b64: 0xc000_00b7, b32: 0x4000_0028, table32: 'arm' },
  riscv64: { b64: 0xc000_00f3 },
  loongarch64: { b64: 0xc000_0102 },
  ppc64: { b64: 0xc000_0015 },
  s390x: { b64: 0x8000_0016 },
};
