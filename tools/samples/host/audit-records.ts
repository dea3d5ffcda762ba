import { digest, numberOf } from '../base/ids.ts';
import type { AuditRecord } from '../model/host.ts';
import { processTitle, socketAddress, untrusted } from './audit-text.ts';
import { userName, type Process } from './process.ts';

const syscalls = { write: 1, connect: 42, execve: 59, rename: 82, openat: 257 } as const;
export type SyscallName = keyof typeof syscalls;

export interface SyscallFacts {
  readonly name: SyscallName;
  readonly exit: number;
  /** The four arguments as hexadecimal numbers. */
  readonly args: readonly [string, string, string, string];
  readonly pathCount: number;
  readonly key: string | undefined;
}

export function syscallRecord(process: Process, facts: SyscallFacts): AuditRecord {
  const [a0, a1, a2, a3] = facts.args;
  const user = userName(process.uid);
  const ids = ['uid', 'gid', 'euid', 'suid', 'fsuid', 'egid', 'sgid', 'fsgid'];
  return {
    type: 'SYSCALL',
    body: [
      `arch=c000003e syscall=${syscalls[facts.name]} success=${facts.exit < 0 ? 'no' : 'yes'} exit=${facts.exit}`,
      `a0=${a0} a1=${a1} a2=${a2} a3=${a3} items=${facts.pathCount} ppid=${process.parentPid} pid=${process.pid}`,
      `auid=${process.loginUid}`,
      ...ids.map((id) => `${id}=${process.uid}`),
      `tty=${process.terminal} ses=${process.session} comm=${untrusted(process.comm)}`,
      `exe=${untrusted(process.executable)} key=${facts.key === undefined ? '(null)' : untrusted(facts.key)}`,
    ].join(' '),
    enrichment: [
      `ARCH=x86_64 SYSCALL=${facts.name} AUID="${userName(process.loginUid)}"`,
      ...ids.map((id) => `${id.toUpperCase()}="${user}"`),
    ].join(' '),
  };
}

export function execveRecord(args: readonly string[]): AuditRecord {
  const list = args.map((arg, index) => `a${index}=${untrusted(arg)}`);
  return { type: 'EXECVE', body: [`argc=${args.length}`, ...list].join(' '), enrichment: '' };
}

export function cwdRecord(folder: string): AuditRecord {
  return { type: 'CWD', body: `cwd=${untrusted(folder)}`, enrichment: '' };
}

export interface PathFacts {
  readonly name: string;
  /** Where the file is on the host; the same file has the same inode under every name. Default: the name. */
  readonly hostPath?: string;
  /** The container's own layer is another device than the host's disk. */
  readonly isInContainerLayer?: boolean;
  readonly mode: string;
  readonly kind: 'NORMAL' | 'PARENT' | 'CREATE' | 'DELETE';
}

export function pathRecord(item: number, path: PathFacts): AuditRecord {
  const hostPath = path.hostPath ?? path.name;
  const device = path.isInContainerLayer === true ? '00:3a' : 'fd:01';
  const inode = 131_074 + numberOf(`inode ${device} ${hostPath.replace(/\/$/, '')}`, 900_000);
  return {
    type: 'PATH',
    body: [
      `item=${item} name=${untrusted(path.name)} inode=${inode} dev=${device} mode=${path.mode}`,
      `ouid=0 ogid=0 rdev=00:00 nametype=${path.kind} cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`,
    ].join(' '),
    enrichment: 'OUID="root" OGID="root"',
  };
}

export function titleRecord(args: readonly string[]): AuditRecord {
  return { type: 'PROCTITLE', body: `proctitle=${processTitle(args)}`, enrichment: '' };
}

export function socketAddressRecord(ip: string, port: number): AuditRecord {
  const { raw, interpreted } = socketAddress(ip, port);
  return { type: 'SOCKADDR', body: `saddr=${raw}`, enrichment: `SADDR=${interpreted}` };
}

export function loginRecord(process: Process): AuditRecord {
  return {
    type: 'LOGIN',
    body: [
      `pid=${process.pid} uid=0 old-auid=4294967295 auid=${process.loginUid} tty=(none) old-ses=4294967295`,
      `ses=${process.session} res=1`,
    ].join(' '),
    enrichment: `UID="root" OLD-AUID="unset" AUID="${userName(process.loginUid)}"`,
  };
}

/** A message from user space (PAM, sshd, sudo). `extra` names what auditd looks up besides UID and AUID. */
export function userRecord(type: string, process: Process, message: string, extra = ''): AuditRecord {
  return {
    type,
    body: `pid=${process.pid} uid=${process.uid} auid=${process.loginUid} ses=${process.session} msg='${message}'`,
    enrichment: `UID="${userName(process.uid)}" AUID="${userName(process.loginUid)}"${extra === '' ? '' : ` ${extra}`}`,
  };
}

/** A user-space address that belongs to the text: what a syscall's pointer arguments look like. */
export function pointer(prefix: '55' | '7f', text: string): string {
  return `${prefix}${digest('sha256', text).slice(0, 9)}0`;
}
