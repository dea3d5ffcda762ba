import type { Micros } from '../../../src/base/time.ts';
import { at, millis, seconds } from '../base/clock.ts';
import { connectEvent, createFileEvent, execEvent, renameEvent, userEvent } from '../host/audit-events.ts';
import { falcoAlert } from '../host/falco.ts';
import { closeSession, openSession, sudoEvents } from '../host/logins.ts';
import { daemons, pidAt, rootProcess, sessionAt, type Process } from '../host/process.ts';
import type { Scene } from '../model/scene.ts';
import { askFromHost } from '../traffic/docker-host.ts';
import { httpSession } from '../traffic/http.ts';
import { sshSession } from '../traffic/ssh.ts';
import { dockerHost, userAgents, workstation } from '../world/hosts.ts';
import { services } from '../world/sites.ts';

const nora = 1001;
const home = '/home/nora';

/** Nora runs dockerhost1: she looks into the container twice and updates packages, one of which brings a cron file. */
export function adminSessions(scene: Scene): void {
  const morning = logIn(scene, at('09:18:22'), seconds(1_940));
  lookIntoContainer(scene, morning, at('09:20:41'), ['ps', 'aux']);
  const afternoon = logIn(scene, at('14:01:09'), seconds(5_280));
  updatePackages(scene, afternoon, at('14:03:30'));
  lookIntoContainer(scene, afternoon, at('14:31:05'), ['apt-get', 'update']);
  installTool(scene, at('14:31:52'));
}

/** SSH with a key. Returns the login shell. */
function logIn(scene: Scene, time: Micros, durationMicros: number): Process {
  const station = workstation(24);
  const pid = pidAt(time, 'admin');
  sshSession(scene, {
    time,
    client: station.ip,
    server: dockerHost.ip,
    upBytes: 41_000,
    downBytes: 212_000,
    durationMicros,
  });
  const daemon = rootProcess(pid, daemons.sshd, '/usr/sbin/sshd');
  execEvent(scene, time + millis(31), daemon, { args: ['/usr/sbin/sshd', '-D', '-R'] });
  const inside: Process = { ...daemon, loginUid: nora, session: sessionAt(time, 'admin') };
  openSession(scene, time + millis(412), daemon, inside, {
    program: 'sshd',
    remote: station.ip,
    title: ['sshd: nora [priv]'],
  });
  const message = `op=login id=${nora} exe="/usr/sbin/sshd" hostname=${station.ip} addr=${station.ip} terminal=/dev/pts/0 res=success`;
  userEvent(scene, time + millis(447), 'USER_LOGIN', inside, message, 'ID="nora"');
  const shell: Process = {
    ...inside,
    pid: pid + 2,
    parentPid: pid + 1,
    uid: nora,
    terminal: 'pts0',
    comm: 'bash',
    executable: '/usr/bin/bash',
  };
  execEvent(scene, time + millis(461), shell, { args: ['-bash'], cwd: home });
  closeSession(scene, time + durationMicros - millis(80), inside, 'sshd', station.ip);
  return shell;
}

/** `sudo docker exec -it web01 bash`: Falco sees a shell with a terminal in the container. */
function lookIntoContainer(scene: Scene, shell: Process, time: Micros, typed: readonly string[]): void {
  const pid = pidAt(time, 'admin');
  const command = ['docker', 'exec', '-it', 'web01', 'bash'];
  const sudo: Process = { ...shell, pid, parentPid: shell.pid, comm: 'sudo', executable: '/usr/bin/sudo' };
  execEvent(scene, time, sudo, { args: ['sudo', ...command], cwd: home });
  sudoEvents(scene, time + millis(12), sudo, home, command.join(' '));
  const docker: Process = {
    ...sudo,
    pid: pid + 1,
    parentPid: pid,
    uid: 0,
    comm: 'docker',
    executable: '/usr/bin/docker',
  };
  execEvent(scene, time + millis(44), docker, { args: command, cwd: home });
  const bash: Process = { ...rootProcess(pid + 3, daemons.shopShim, '/usr/bin/bash'), terminal: 'pts0' };
  execEvent(scene, time + millis(190), bash, { args: ['bash'], cwd: '/usr/local/tomcat', isInContainer: true });
  falcoAlert(scene, time + millis(190), 'Terminal shell in container', {
    process: bash,
    eventType: 'execve',
    command: 'bash',
    parentName: 'containerd-shim',
    terminal: 34_816,
    executableFlags: 'EXE_WRITABLE|EXE_LOWER_LAYER',
    container: true,
  });
  const name = typed[0] ?? 'ps';
  const tool: Process = { ...bash, pid: pid + 4, parentPid: bash.pid, comm: name, executable: `/usr/bin/${name}` };
  execEvent(scene, time + seconds(11), tool, { args: typed, cwd: '/usr/local/tomcat', isInContainer: true });
}

/** Falco takes a package manager in a container for an error, and it is one, of manners. */
function installTool(scene: Scene, time: Micros): void {
  const process: Process = {
    ...rootProcess(pidAt(time, 'admin'), pidAt(at('14:31:05'), 'admin', 3), '/usr/bin/apt-get'),
    terminal: 'pts0',
  };
  const args = ['apt-get', 'install', '-y', 'procps'];
  execEvent(scene, time, process, { args, cwd: '/usr/local/tomcat', isInContainer: true });
  falcoAlert(scene, time, 'Launch Package Management Process in Container', {
    process,
    eventType: 'execve',
    command: args.join(' '),
    parentName: 'bash',
    terminal: 34_816,
    executableFlags: 'EXE_WRITABLE|EXE_LOWER_LAYER',
    container: true,
  });
}

/** `sudo apt-get upgrade`: downloads over HTTP, then dpkg writes a file of /etc/cron.d. */
function updatePackages(scene: Scene, shell: Process, time: Micros): void {
  const pid = pidAt(time, 'admin');
  const command = ['apt-get', '-y', 'upgrade'];
  const sudo: Process = { ...shell, pid, parentPid: shell.pid, comm: 'sudo', executable: '/usr/bin/sudo' };
  execEvent(scene, time, sudo, { args: ['sudo', ...command], cwd: home });
  sudoEvents(scene, time + millis(11), sudo, home, command.join(' '));
  const apt: Process = {
    ...sudo,
    pid: pid + 1,
    parentPid: pid,
    uid: 0,
    comm: 'apt-get',
    executable: '/usr/bin/apt-get',
  };
  execEvent(scene, time + millis(40), apt, { args: command, cwd: home });
  const method: Process = {
    ...apt,
    pid: pid + 2,
    parentPid: apt.pid,
    uid: 42,
    comm: 'http',
    executable: '/usr/lib/apt/methods/http',
  };
  execEvent(scene, time + millis(310), method, { args: ['/usr/lib/apt/methods/http'], cwd: home });
  fetchPackages(scene, method, time + millis(420));
  const dpkg: Process = { ...apt, pid: pid + 3, parentPid: apt.pid, comm: 'dpkg', executable: '/usr/bin/dpkg' };
  const args = [
    '/usr/bin/dpkg',
    '--status-fd',
    '13',
    '--no-triggers',
    '--unpack',
    '--auto-deconfigure',
    '--recursive',
    '/tmp/apt-dpkg-install-x0Vd2q',
  ];
  execEvent(scene, time + seconds(14), dpkg, { args, cwd: '/' });
  const file = '/etc/cron.d/sysstat';
  createFileEvent(scene, time + seconds(15.2), dpkg, { args, cwd: '/', name: `${file}.dpkg-new`, key: 'cron' });
  renameEvent(scene, time + seconds(15.6), dpkg, `${file}.dpkg-new`, { args, cwd: '/', name: file, key: 'cron' });
  falcoAlert(scene, time + seconds(15.2), 'Schedule Cron Jobs', {
    process: dpkg,
    eventType: 'openat',
    command: args.join(' ').replace('/usr/bin/', ''),
    parentName: 'apt-get',
    terminal: 34_816,
    before: [['file', 'fd.name', `${file}.dpkg-new`]],
    container: false,
  });
}

function fetchPackages(scene: Scene, method: Process, time: Micros): void {
  const site = services.packages;
  const args = [method.executable];
  const ready = askFromHost(scene, time, site, ['A', 'AAAA'], method, args);
  const packages = [
    'sysstat/sysstat_12.6.1-1+deb12u1_amd64.deb',
    'o/openssl/libssl3_3.0.18-1~deb12u2_amd64.deb',
    'c/curl/libcurl4_7.88.1-10+deb12u14_amd64.deb',
  ];
  const [exchange] = httpSession(scene, {
    time: ready + millis(2),
    client: dockerHost.ip,
    server: site.address,
    host: site.name,
    userAgent: userAgents.apt,
    requests: packages.map((name) => ({
      target: `/debian/pool/main/${name}`,
      responseBytes: scene.rng.integer(380_000, 2_100_000),
      contentType: 'application/vnd.debian.binary-package',
      mime: 'application/x-debian-package',
    })),
  });
  if (exchange !== undefined) connectEvent(scene, exchange.flow, method, { args, waits: false, descriptor: 3 });
}
