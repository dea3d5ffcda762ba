import type { Micros } from '../../../src/base/time.ts';
import { at, dayEnd, dayStart, millis, seconds } from '../base/clock.ts';
import { connectEvent, connectTo, execEvent } from '../host/audit-events.ts';
import { falcoAlert } from '../host/falco.ts';
import { cronRun } from '../host/logins.ts';
import { daemons, pidAt, rootProcess, type Process } from '../host/process.ts';
import type { Scene } from '../model/scene.ts';
import { udp } from '../traffic/datagrams.ts';
import { rttMicros } from '../traffic/flow.ts';
import { dnsServer, dockerHost } from '../world/hosts.ts';
import { shopContainer } from '../world/falco-rules.ts';
import { periodic } from './schedule.ts';

/** What dockerhost1 does by itself: cron, health checks of the shop, time, a backup that reads secrets. */
export function dockerHostRoutine(scene: Scene): void {
  for (let time = at('00:05:01'); time < dayEnd; time += seconds(600)) collectStatistics(scene, time);
  for (let hour = 0; hour < 24; hour++) runHourly(scene, dayStart + seconds(hour * 3600 + 17 * 60 + 1));
  for (const time of periodic(scene, dayStart + seconds(33), dayEnd - seconds(2), 600.25, 0)) checkHealth(scene, time);
  for (const time of periodic(scene, dayStart + seconds(411), dayEnd, 2048, 0.01)) askTime(scene, time);
  backUp(scene, at('02:15:01'));
}

function collectStatistics(scene: Scene, time: Micros): void {
  cronRun(scene, time + millis(scene.rng.integer(20, 900)), 'cron', {
    command: 'command -v debian-sa1 > /dev/null && debian-sa1 1 1',
    process: {
      executable: '/usr/bin/dash',
      exec: { args: ['/bin/sh', '/usr/lib/sysstat/debian-sa1', '1', '1'], script: '/usr/lib/sysstat/debian-sa1' },
    },
  });
}

function runHourly(scene: Scene, time: Micros): void {
  cronRun(scene, time + millis(scene.rng.integer(20, 900)), 'packages', {
    command: 'cd / && run-parts --report /etc/cron.hourly',
    process: { executable: '/usr/bin/run-parts', exec: { args: ['run-parts', '--report', '/etc/cron.hourly'] } },
  });
}

/** Docker runs `sh -c curl …` inside the container: a shell and curl in the shop, and all is well. */
function checkHealth(scene: Scene, time: Micros): void {
  const pid = pidAt(time, 'health');
  const root = '/var/run/docker/runtime-runc/moby';
  const bundle = `/run/containerd/io.containerd.runtime.v2.task/moby/${shopContainer.id}`;
  execEvent(scene, time, rootProcess(pid, daemons.shopShim, '/usr/bin/runc'), {
    args: [
      'runc',
      '--root',
      root,
      '--log',
      `${bundle}/log.json`,
      'exec',
      '--process',
      `/tmp/runc-process${pid}`,
      shopContainer.id,
    ],
    cwd: bundle,
    isStatic: true,
  });
  execEvent(scene, time + millis(22), rootProcess(pid + 1, pid, '/usr/bin/runc', 'runc:[2:INIT]'), {
    args: ['runc', 'init'],
    cwd: bundle,
    isStatic: true,
  });
  const command = 'curl -fsS http://127.0.0.1:8080/health || exit 1';
  execEvent(scene, time + millis(71), rootProcess(pid + 2, daemons.shopShim, '/usr/bin/dash', 'sh'), {
    args: ['/bin/sh', '-c', command],
    cwd: '/usr/local/tomcat',
    isInContainer: true,
  });
  const curl = rootProcess(pid + 3, pid + 2, '/usr/bin/curl');
  const args = ['curl', '-fsS', 'http://127.0.0.1:8080/health'];
  execEvent(scene, time + millis(78), curl, { args, cwd: '/usr/local/tomcat', isInContainer: true });
  connectTo(scene, time + millis(93), curl, { args, ip: '127.0.0.1', port: 8080, waits: false });
}

function askTime(scene: Scene, time: Micros): void {
  const flow = udp(scene, {
    time,
    client: dockerHost.ip,
    server: dnsServer.ip,
    serverPort: 123,
    up: { bytes: 48, packets: 1 },
    down: { bytes: 48, packets: 1 },
    durationMicros: rttMicros(scene, dnsServer.ip),
    services: ['ntp'],
    appProto: 'ntp',
  });
  const chronyd: Process = { ...rootProcess(daemons.chronyd, daemons.systemd, '/usr/sbin/chronyd'), uid: 105 };
  connectEvent(scene, flow, chronyd, { args: ['/usr/sbin/chronyd', '-F', '1'], descriptor: 8 });
}

/** restic copies /etc to the file server's disk; Falco does not know it and warns of the password file each night. */
function backUp(scene: Scene, time: Micros): void {
  const args = ['/usr/bin/restic', 'backup', '--repo', '/mnt/backup/dockerhost1', '/etc', '/var/lib/shop'];
  const process = cronRun(scene, time + millis(340), 'packages', {
    command: args.join(' '),
    process: { executable: '/usr/bin/restic', exec: { args, isStatic: true } },
    durationMicros: seconds(212),
  });
  falcoAlert(scene, time + seconds(3.4), 'Read sensitive file untrusted', {
    process,
    eventType: 'openat',
    command: args.join(' '),
    parentName: 'sh',
    before: [
      ['file', 'fd.name', '/etc/shadow'],
      ['gparent', 'proc.aname[2]', 'cron'],
      ['ggparent', 'proc.aname[3]', 'cron'],
      ['gggparent', 'proc.aname[4]', 'systemd'],
    ],
    container: false,
  });
}
