import type { Micros } from '../../../src/base/time.ts';
import { millis, seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { auditEvent, execEvent, userEvent, type ExecOptions } from './audit-events.ts';
import { loginRecord, syscallRecord, titleRecord } from './audit-records.ts';
import { commOf, daemons, pidAt, sessionAt, unset, userName, type Lane, type Process } from './process.ts';

/** What PAM says on opening a session, by the program that asks it. */
const sessionModules = {
  cron: 'pam_loginuid,pam_env,pam_env,pam_permit,pam_unix,pam_limits',
  sshd: 'pam_loginuid,pam_keyinit,pam_env,pam_env,pam_permit,pam_umask,pam_unix,pam_systemd,pam_limits',
  sudo: 'pam_limits,pam_permit,pam_unix',
} as const;

export interface CronCommand {
  /** As the table says it; cron gives it to `sh -c`. */
  readonly command: string;
  readonly process: { readonly executable: string; readonly exec: ExecOptions };
  readonly durationMicros?: number;
  /** The command goes on past the end of the day, and cron waits for it. */
  readonly isEndless?: boolean;
}

/** The host's cron runs a command as root: session, shell, command, end. Returns the command's process. */
export function cronRun(scene: Scene, time: Micros, lane: Lane, run: CronCommand): Process {
  const pid = pidAt(time, lane);
  const before: Process = {
    pid,
    parentPid: daemons.cron,
    uid: 0,
    loginUid: unset,
    session: unset,
    terminal: '(none)',
    comm: 'cron',
    executable: '/usr/sbin/cron',
  };
  const inside: Process = { ...before, loginUid: 0, session: sessionAt(time, lane) };
  openSession(scene, time, before, inside, {
    program: 'cron',
    remote: undefined,
    title: ['/usr/sbin/CRON', '-f', '-P'],
  });
  const shell: Process = { ...inside, pid: pid + 1, parentPid: pid, comm: 'sh', executable: '/usr/bin/dash' };
  execEvent(scene, time + millis(14), shell, { args: ['/bin/sh', '-c', run.command], cwd: '/root' });
  const executable = run.process.executable;
  const child: Process = {
    ...shell,
    pid: pid + 2,
    parentPid: pid + 1,
    comm: commOf(run.process.exec.script ?? executable),
    executable,
  };
  execEvent(scene, time + millis(18), child, { cwd: '/root', ...run.process.exec });
  if (run.isEndless === true) return child;
  closeSession(scene, time + (run.durationMicros ?? seconds(0.4)), inside, 'cron', undefined);
  return child;
}

export interface SessionFacts {
  readonly program: 'cron' | 'sshd';
  /** Address of the client of a remote login. */
  readonly remote: string | undefined;
  readonly title: readonly string[];
}

/** PAM's messages and the kernel's LOGIN record: `before` has no login user yet, `inside` has. */
export function openSession(scene: Scene, time: Micros, before: Process, inside: Process, facts: SessionFacts): void {
  const message = (operation: string, modules: string): string =>
    pamMessage(facts.program, operation, modules, userName(inside.loginUid), facts.remote);
  userEvent(scene, time, 'USER_ACCT', before, message('accounting', 'pam_permit'));
  userEvent(scene, time + millis(1), 'CRED_ACQ', before, message('setcred', 'pam_permit'));
  auditEvent(scene, time + millis(2), [
    loginRecord(inside),
    syscallRecord(inside, {
      name: 'write',
      exit: String(inside.loginUid).length,
      args: ['7', '7ffd6a1f3c40', String(inside.loginUid).length.toString(16), '0'],
      pathCount: 0,
      key: undefined,
    }),
    titleRecord(facts.title),
  ]);
  userEvent(scene, time + millis(6), 'USER_START', inside, message('session_open', sessionModules[facts.program]));
}

export function closeSession(
  scene: Scene,
  time: Micros,
  inside: Process,
  program: 'cron' | 'sshd',
  remote: string | undefined,
): void {
  const message = (operation: string, modules: string): string =>
    pamMessage(program, operation, modules, userName(inside.loginUid), remote);
  userEvent(scene, time, 'CRED_DISP', inside, message('setcred', 'pam_permit'));
  userEvent(scene, time + millis(1), 'USER_END', inside, message('session_close', sessionModules[program]));
}

/** sudo as the audit system sees it: the command line, then a session around it. */
export function sudoEvents(scene: Scene, time: Micros, sudo: Process, cwd: string, command: string): void {
  const name = userName(sudo.loginUid);
  const text = Buffer.from(command, 'utf8').toString('hex').toUpperCase();
  const tail = `exe="/usr/bin/sudo" hostname=? addr=? terminal=/dev/${sudo.terminal} res=success`;
  userEvent(scene, time, 'USER_ACCT', sudo, `op=PAM:accounting grantors=pam_permit acct="${name}" ${tail}`);
  userEvent(
    scene,
    time + millis(1),
    'USER_CMD',
    sudo,
    `cwd="${cwd}" cmd=${text} exe="/usr/bin/sudo" terminal=${sudo.terminal} res=success`,
  );
  userEvent(scene, time + millis(2), 'CRED_REFR', sudo, `op=PAM:setcred grantors=pam_permit acct="root" ${tail}`);
  userEvent(
    scene,
    time + millis(5),
    'USER_START',
    sudo,
    `op=PAM:session_open grantors=${sessionModules.sudo} acct="root" ${tail}`,
  );
}

function pamMessage(
  program: 'cron' | 'sshd',
  operation: string,
  modules: string,
  account: string,
  remote: string | undefined,
): string {
  const where =
    program === 'cron'
      ? 'hostname=? addr=? terminal=cron'
      : `hostname=${remote ?? '?'} addr=${remote ?? '?'} terminal=ssh`;
  return `op=PAM:${operation} grantors=${modules} acct="${account}" exe="/usr/sbin/${program}" ${where} res=success`;
}
