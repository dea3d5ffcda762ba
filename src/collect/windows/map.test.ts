import { describe, expect, it } from 'vitest';
import type { VakthundEvent } from '../../events/event.ts';
import { mapRecord } from './map.ts';
import type { WindowsRecord } from './record.ts';

const time = Date.parse('2026-03-10T08:15:30Z') * 1000 + 123_456;

function map(provider: string, id: number, fields: WindowsRecord): VakthundEvent {
  const system = { Provider_Name: provider, EventID: id, Channel: 'C', Computer: 'pc7.example' };
  return mapRecord({ ...system, TimeCreated_SystemTime: '2026-03-10T08:15:30.123456Z', ...fields }, 1);
}

const sysmon = (id: number, fields: WindowsRecord): VakthundEvent => map('Microsoft-Windows-Sysmon', id, fields);
const security = (id: number, fields: WindowsRecord): VakthundEvent =>
  map('Microsoft-Windows-Security-Auditing', id, fields);
const actor = { ProcessId: 4711, Image: 'C:\\Users\\anna\\x.exe', User: 'EXAMPLE\\anna' };
const ofActor = { process_pid: 4711, process_name: 'x.exe', process_executable: 'C:\\Users\\anna\\x.exe' };
const subject = { SubjectUserName: 'anna', SubjectDomainName: 'EXAMPLE', SubjectLogonId: '0x3e7' };

describe('any event', () => {
  it('has time, host, dataset and all of its fields', () => {
    const event = map('Somebody', 7, { Level: 3, Channel: 'Microsoft-Windows-Ntfs/Operational', Data: ['a', 'b'] });
    expect(event).toMatchObject({
      kind: 'log',
      time,
      host_name: 'pc7.example',
      event_dataset: 'windows.ntfs-operational',
      log_name: 'Microsoft-Windows-Ntfs/Operational',
      log_level: 'warning',
    });
    expect(JSON.parse(event.fields ?? '')).toMatchObject({ Provider_Name: 'Somebody', EventID: 7, Data: ['a', 'b'] });
  });

  it('is of the time that it was written at when it does not tell another', () => {
    expect(mapRecord({ EventID: 1 }, 42)).toMatchObject({ kind: 'log', time: 42, event_dataset: 'windows' });
  });

  it('takes names of what every object has for what they are: unknown', () => {
    const event = sysmon(13, { EventType: 'constructor', TargetObject: 'HKLM\\A', Level: 'toString' });
    expect(event).toMatchObject({ event_action: 'changed' });
    expect(map('constructor', 1, { Level: 'valueOf' })).toMatchObject({ kind: 'log', log_level: 'valueof' });
  });
});

describe('Sysmon', () => {
  it.each<[string, number, WindowsRecord, object]>([
    [
      'a process that was started',
      1,
      {
        ...actor,
        CommandLine: 'x.exe -a',
        CurrentDirectory: 'C:\\',
        Hashes: `MD5=00,SHA256=${'0A'.repeat(32)}`,
        LogonId: '0x3e7',
        ParentProcessId: 4,
        ParentImage: 'C:\\Windows\\explorer.exe',
        ParentCommandLine: 'explorer',
      },
      {
        kind: 'process',
        event_dataset: 'windows.sysmon',
        event_action: 'exec',
        ...ofActor,
        user_name: 'EXAMPLE\\anna',
        process_command_line: 'x.exe -a',
        process_working_directory: 'C:\\',
        process_hash_sha256: '0a'.repeat(32),
        process_parent_pid: 4,
        process_parent_name: 'explorer.exe',
        process_parent_command_line: 'explorer',
        session_id: '0x3e7',
      },
    ],
    ['a process that ended', 5, actor, { kind: 'process', event_action: 'exit', ...ofActor }],
    [
      'a time that was set back',
      2,
      { ...actor, TargetFilename: 'C:\\t.dll' },
      { kind: 'file_access', event_action: 'attribute', file_path: 'C:\\t.dll' },
    ],
    [
      'a connection',
      3,
      {
        ...actor,
        Protocol: 'tcp',
        Initiated: true,
        SourceIp: '192.0.2.1',
        SourcePort: 50_000,
        DestinationIp: '2001:DB8:0:0::1',
        DestinationIsIpv6: 'true',
        DestinationPort: '443',
      },
      {
        kind: 'socket',
        event_action: 'connect',
        source_ip: '192.0.2.1',
        destination_ip: '2001:db8::1',
        destination_port: 443,
        network_transport: 'tcp',
        socket_family: 'inet6',
      },
    ],
    ['a connection that came in', 3, { ...actor, Initiated: 'false' }, { kind: 'socket', event_action: 'accept' }],
    [
      'a driver',
      6,
      { ImageLoaded: 'C:\\Windows\\Temp\\evil.sys', Hashes: `SHA256=${'0A'.repeat(32)}` },
      { kind: 'kernel_module', event_action: 'load', module_name: 'evil.sys', file_hash_sha256: '0a'.repeat(32) },
    ],
    [
      'a library',
      7,
      { ...actor, ImageLoaded: 'C:\\a.dll' },
      { kind: 'file_access', event_action: 'load', file_path: 'C:\\a.dll', ...ofActor },
    ],
    [
      'a thread in another process',
      8,
      { SourceProcessId: 1, SourceImage: 'C:\\a.exe', TargetProcessId: 2, TargetImage: 'C:\\Windows\\lsass.exe' },
      {
        kind: 'process',
        event_action: 'remote-thread',
        process_name: 'a.exe',
        target_pid: 2,
        target_name: 'lsass.exe',
      },
    ],
    [
      'a value that was set',
      13,
      { ...actor, EventType: 'SetValue', TargetObject: 'HKLM\\SOFTWARE\\Run\\A', Details: 'C:\\a.exe' },
      {
        kind: 'registry',
        event_action: 'value-set',
        registry_hive: 'HKLM',
        registry_key: 'SOFTWARE\\Run',
        registry_value: 'A',
        registry_data: 'C:\\a.exe',
        user_name: 'EXAMPLE\\anna',
      },
    ],
    [
      'a key that was made',
      12,
      { ...actor, EventType: 'CreateKey', TargetObject: 'HKLM\\SOFTWARE\\Run' },
      { kind: 'registry', event_action: 'key-created', registry_key: 'SOFTWARE\\Run', registry_value: null },
    ],
    [
      'a pipe',
      17,
      { ...actor, PipeName: '\\evil' },
      { kind: 'file_access', event_action: 'pipe-create', file_path: '\\evil' },
    ],
    [
      'a name that was asked for',
      22,
      { QueryName: 'A.Example.', QueryStatus: '0', QueryResults: 'type:  5 b.example;::ffff:192.0.2.7;' },
      {
        kind: 'dns',
        dns_question_name: 'a.example',
        dns_response_code: 'NOERROR',
        dns_answers: ['b.example', '192.0.2.7'],
        dns_resolved_ip: ['192.0.2.7'],
      },
    ],
    [
      'an executable that was kept from being written',
      27,
      { ...actor, TargetFilename: 'C:\\e.exe' },
      { kind: 'file_access', event_action: 'create', event_outcome: 'failure' },
    ],
    ['its own change', 16, { Configuration: 'c.xml' }, { kind: 'log', event_dataset: 'windows.sysmon' }],
  ])('tells %s', (_what, id, fields, expected) => {
    expect(sysmon(id, fields)).toMatchObject(expected);
  });
});

const task = `<?xml version="1.0"?><Task><Triggers><BootTrigger /><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>
<Principals><Principal><UserId>S-1-5-18</UserId></Principal></Principals><Settings><Hidden>true</Hidden></Settings>
<Actions><Exec><Command>C:\\a.exe</Command><Arguments>-x &amp;quot; &lt;1&gt;</Arguments></Exec></Actions></Task>`;

describe('the Security log', () => {
  it.each<[string, number, WindowsRecord, object]>([
    [
      'a log-on',
      4624,
      {
        ...subject,
        TargetUserName: 'bob',
        TargetDomainName: 'EXAMPLE',
        TargetUserSid: 'S-1-5-21-1',
        TargetLogonId: '0x55',
        IpAddress: '::ffff:192.0.2.9',
        WorkstationName: 'PC9',
        AuthenticationPackageName: 'NTLM',
        ProcessId: '0x1a4',
        ProcessName: 'C:\\Windows\\System32\\svchost.exe',
      },
      {
        kind: 'user_session',
        event_action: 'login',
        event_outcome: 'success',
        target_user_name: 'EXAMPLE\\bob',
        target_user_id: 'S-1-5-21-1',
        user_name: 'EXAMPLE\\anna',
        session_id: '0x55',
        source_ip: '192.0.2.9',
        source_host: 'PC9',
        service: 'NTLM',
        process_pid: 420,
        process_name: 'svchost.exe',
      },
    ],
    [
      'a log-on that failed, and nothing where a dash stands',
      4625,
      { TargetUserName: 'bob', TargetDomainName: '-', IpAddress: '-', WorkstationName: '-' },
      { event_outcome: 'failure', target_user_name: 'bob', source_ip: null, source_host: null },
    ],
    [
      'a process that was started',
      4688,
      {
        ...subject,
        NewProcessId: '0x12c',
        NewProcessName: 'C:\\a.exe',
        ProcessId: '0x4',
        ParentProcessName: 'C:\\b.exe',
        CommandLine: 'a',
        TargetUserSid: 'S-1-0-0',
        TargetUserName: '-',
      },
      {
        kind: 'process',
        process_pid: 300,
        process_name: 'a.exe',
        process_parent_pid: 4,
        process_parent_name: 'b.exe',
        process_command_line: 'a',
        user_name: 'EXAMPLE\\anna',
      },
    ],
    [
      'a task that was made',
      4698,
      { ...subject, TaskName: '\\Updater', TaskContent: task },
      {
        kind: 'scheduled_task',
        event_action: 'created',
        task_type: 'task',
        task_name: '\\Updater',
        task_command: 'C:\\a.exe',
        task_arguments: '-x &quot; <1>',
        task_user: 'S-1-5-18',
        task_hidden: true,
        task_trigger: 'BootTrigger, LogonTrigger',
        user_name: 'EXAMPLE\\anna',
      },
    ],
    [
      'a service that was installed',
      4697,
      { ...subject, ServiceName: 'S', ServiceFileName: 'C:\\s.exe', ServiceType: '0x10', ServiceStartType: 2 },
      { kind: 'scheduled_task', task_type: 'service', task_command: 'C:\\s.exe', task_trigger: 'auto start' },
    ],
    [
      'an account that was made',
      4720,
      { ...subject, TargetUserName: 'eve', TargetSid: 'S-1-5-21-9' },
      { event_action: 'account-created', target_user_name: 'eve', target_user_id: 'S-1-5-21-9' },
    ],
    [
      'a member of a group',
      4732,
      { ...subject, TargetUserName: 'Administrators', TargetDomainName: 'Builtin', MemberSid: 'S-1-5-21-9' },
      {
        event_action: 'group-member-added',
        target_group_name: 'Builtin\\Administrators',
        target_user_id: 'S-1-5-21-9',
      },
    ],
    [
      'a ticket that was refused',
      4769,
      { TargetUserName: 'bob', ServiceName: 'sql', Status: '0x1b', IpAddress: '::ffff:192.0.2.9' },
      { event_action: 'kerberos-ticket', event_outcome: 'failure', service: 'sql', source_ip: '192.0.2.9' },
    ],
    [
      'a file that was written',
      4663,
      { ...subject, ObjectType: 'File', ObjectName: 'C:\\f', AccessMask: '0x2', ProcessName: 'C:\\a.exe' },
      { kind: 'file_access', event_action: 'write', file_path: 'C:\\f', process_name: 'a.exe' },
    ],
    ['an object of another type', 4663, { ObjectType: 'SAM', ObjectName: 'x' }, { kind: 'log' }],
    [
      'a value that was changed',
      4657,
      {
        ...subject,
        ObjectName: '\\REGISTRY\\MACHINE\\SOFTWARE\\Run',
        ObjectValueName: 'A',
        OperationType: '%%1905',
        NewValue: 'C:\\a.exe',
      },
      { kind: 'registry', event_action: 'value-set', registry_key: 'SOFTWARE\\Run', registry_value: 'A' },
    ],
    [
      'a connection that was blocked',
      5157,
      {
        Application: '\\device\\harddiskvolume1\\a.exe',
        Direction: '%%14593',
        Protocol: 17,
        DestAddress: '192.0.2.1',
        DestPort: '53',
      },
      {
        kind: 'socket',
        event_action: 'connect',
        event_outcome: 'failure',
        network_transport: 'udp',
        destination_port: 53,
      },
    ],
  ])('tells %s', (_what, id, fields, expected) => {
    expect(security(id, fields)).toMatchObject({ event_dataset: 'windows.security', ...expected });
  });
});

describe('other logs', () => {
  it.each<[string, string, number, WindowsRecord, object]>([
    [
      'a log that was cleared',
      'Microsoft-Windows-Eventlog',
      104,
      { ...subject, UserData_Channel: 'Windows PowerShell' },
      {
        kind: 'alert',
        rule_severity: 'high',
        message: 'EXAMPLE\\anna cleared the log Windows PowerShell',
        threat_technique_id: ['T1070.001'],
      },
    ],
    [
      'a service that was installed',
      'Service Control Manager',
      7045,
      { ServiceName: 'S', ImagePath: 'cmd /c x', ServiceType: 'user mode service', StartType: 'demand start' },
      { kind: 'scheduled_task', task_type: 'service', task_name: 'S', task_command: 'cmd /c x' },
    ],
    [
      'a driver that was installed',
      'Service Control Manager',
      7045,
      { ServiceName: 'D', ImagePath: 'C:\\d.sys', ServiceType: 'kernel mode driver' },
      { kind: 'kernel_module', event_action: 'install', module_name: 'D', file_path: 'C:\\d.sys' },
    ],
    [
      'a script',
      'Microsoft-Windows-PowerShell',
      4104,
      { ScriptBlockText: 'Get-Date' },
      { kind: 'log', event_dataset: 'windows.powershell', message: 'Get-Date' },
    ],
    [
      'the start of an engine',
      'PowerShell',
      400,
      { Data: ['Available', 'None', '\tNewEngineState=Available\r\n\tHostApplication=powershell -enc A=\r\n'] },
      { kind: 'log', process_command_line: 'powershell -enc A=' },
    ],
    [
      'a task that was registered',
      'Microsoft-Windows-TaskScheduler',
      106,
      { TaskName: '\\T', UserContext: 'EXAMPLE\\anna' },
      { kind: 'scheduled_task', event_action: 'created', task_name: '\\T', user_name: 'EXAMPLE\\anna' },
    ],
    [
      'a subscription to events',
      'Microsoft-Windows-WMI-Activity',
      5861,
      { Namespace: '//./root/subscription', ESS: 'F', CONSUMER: 'CommandLineEventConsumer="x"' },
      { kind: 'scheduled_task', task_type: 'subscription', task_command: 'CommandLineEventConsumer="x"' },
    ],
    [
      'what Defender found',
      'Microsoft-Windows-Windows Defender',
      1116,
      { 'Threat Name': 'Trojan:Win32/X', 'Severity ID': '5', Path: 'file:_C:\\x.exe', 'Process Name': 'C:\\b.exe' },
      { kind: 'alert', rule_name: 'Trojan:Win32/X', rule_severity: 'critical', process_name: 'b.exe' },
    ],
    [
      'a log-on over Remote Desktop, from this machine',
      'Microsoft-Windows-TerminalServices-LocalSessionManager',
      21,
      { User: 'EXAMPLE\\anna', SessionID: 2, Address: 'LOCAL' },
      { kind: 'user_session', target_user_name: 'EXAMPLE\\anna', session_id: '2', source_ip: null },
    ],
    [
      'a client of Remote Desktop',
      'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS',
      131,
      { ConnType: 'TCP', ClientIP: '[2001:db8::1]:54151' },
      {
        kind: 'socket',
        event_action: 'accept',
        source_ip: '2001:db8::1',
        source_port: 54_151,
        network_transport: 'tcp',
      },
    ],
    [
      'a password that sshd did not take',
      'OpenSSH',
      4,
      { process: 'sshd', payload: 'Failed password for invalid user a b from 192.0.2.1 port 4711 ssh2' },
      { kind: 'user_session', event_outcome: 'failure', target_user_name: 'a b', source_ip: '192.0.2.1' },
    ],
    ['another message of sshd', 'OpenSSH', 4, { payload: 'Server listening on :: port 22.' }, { kind: 'log' }],
    [
      'a job of BITS',
      'Microsoft-Windows-Bits-Client',
      3,
      { jobTitle: 'J', jobOwner: 'EXAMPLE\\anna', processPath: 'C:\\a.exe', processId: 7 },
      { kind: 'scheduled_task', task_type: 'transfer', task_name: 'J', process_name: 'a.exe' },
    ],
    [
      'a rule of the firewall',
      'Microsoft-Windows-Windows Firewall With Advanced Security',
      2004,
      { RuleName: 'R', ModifyingApplication: 'C:\\Windows\\System32\\netsh.exe', Protocol: 6 },
      { kind: 'log', message: 'R', process_name: 'netsh.exe', network_transport: 'tcp' },
    ],
  ])('tell %s', (_what, provider, id, fields, expected) => {
    expect(map(provider, id, fields)).toMatchObject(expected);
  });
});
