import type { Micros } from '../../../src/base/time.ts';
import { secondOfDay } from '../base/clock.ts';

/** A process on dockerhost1 as the audit system describes it. */
export interface Process {
  readonly pid: number;
  readonly parentPid: number;
  readonly uid: number;
  /** Login user; `unset` for what no login started. */
  readonly loginUid: number;
  readonly session: number;
  readonly terminal: string;
  readonly comm: string;
  readonly executable: string;
}

/** 2^32-1: no login user, no session. */
export const unset = 4_294_967_295;

const userNames: ReadonlyMap<number, string> = new Map([
  [0, 'root'],
  [42, '_apt'],
  [105, '_chrony'],
  [1001, 'nora'],
  [unset, 'unset'],
]);

export function userName(uid: number): string {
  return userNames.get(uid) ?? `unknown(${uid})`;
}

/** Long-running processes of the host. */
export const daemons = {
  systemd: 1,
  cron: 702,
  chronyd: 731,
  sshd: 794,
  dockerd: 951,
  shopShim: 2391,
  shopJava: 2417,
  databaseShim: 2203,
} as const;

/** Groups of processes that may start in the same second and must not share numbers. */
const lanes = ['cron', 'health', 'admin', 'packages', 'network', 'intruder'] as const;
export type Lane = (typeof lanes)[number];
const pidsPerLane = 8;

/** Numbers grow through the day; a busy host gives most of them to processes that no rule logs. */
export function pidAt(time: Micros, lane: Lane, index = 0): number {
  return 300_000 + (secondOfDay(time) * lanes.length + lanes.indexOf(lane)) * pidsPerLane + index;
}

/** Audit session numbers: they grow, and two logins in one minute differ by their lane. */
export function sessionAt(time: Micros, lane: Lane): number {
  return 210 + Math.floor(secondOfDay(time) / 60) * lanes.length + lanes.indexOf(lane);
}

/** A process that no login started, run by root, as daemons and containers are. */
export function rootProcess(pid: number, parentPid: number, executable: string, comm?: string): Process {
  return {
    pid,
    parentPid,
    uid: 0,
    loginUid: unset,
    session: unset,
    terminal: '(none)',
    comm: comm ?? commOf(executable),
    executable,
  };
}

/** The kernel keeps fifteen bytes of the last part of the path. */
export function commOf(executable: string): string {
  return executable.slice(executable.lastIndexOf('/') + 1).slice(0, 15);
}
