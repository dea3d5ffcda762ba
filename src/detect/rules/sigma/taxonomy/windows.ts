import { allOf, always, fieldSubject } from '../../../../match/condition/condition.ts';
import type { KindId } from '../../../../events/event.ts';
import { isNumber, isOneOf, type FieldPlace, type Origin, type Target } from './target.ts';

/**
 * Windows event logs: `fields` of such an event is the whole record under the names that Sigma uses, so only what tells
 * the log source is needed. https://github.com/SigmaHQ/sigma-specification (taxonomy appendix).
 */
const sysmon = 'Microsoft-Windows-Sysmon/Operational';
const powershell = ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'];

/** Kinds that Windows events become, any event id any of them unless it is known below. */
const kinds: readonly KindId[] = [
  'process',
  'registry',
  'file_access',
  'socket',
  'dns',
  'kernel_module',
  'scheduled_task',
  'user_session',
  'alert',
  'log',
];

/** Kind of Sysmon's events by id; the others, and those that lack what their kind needs, are log records. */
const sysmonKinds: Readonly<Partial<Record<KindId, readonly number[]>>> = {
  process: [1, 5, 8, 10, 25],
  file_access: [2, 7, 9, 11, 15, 17, 18, 23, 26, 27, 28, 29],
  socket: [3],
  kernel_module: [6],
  registry: [12, 13, 14],
  dns: [22],
};

/** Sysmon's event ids by category. */
const sysmonIds: Readonly<Record<string, readonly number[]>> = {
  process_creation: [1],
  file_change: [2],
  network_connection: [3],
  sysmon_status: [4, 16],
  process_termination: [5],
  driver_load: [6],
  image_load: [7],
  create_remote_thread: [8],
  raw_access_thread: [9],
  process_access: [10],
  file_event: [11],
  registry_event: [12, 13, 14],
  registry_add: [12],
  registry_delete: [12],
  registry_set: [13],
  registry_rename: [14],
  create_stream_hash: [15],
  pipe_created: [17, 18],
  wmi_event: [19, 20, 21],
  dns_query: [22],
  file_delete: [23, 26],
  clipboard_capture: [24],
  process_tampering: [25],
  file_delete_detected: [26],
  file_block_executable: [27],
  file_block_shredding: [28],
  file_executable_detected: [29],
  sysmon_error: [255],
};

/** PowerShell's channels and event ids by category. */
const powershellIds: Readonly<Record<string, readonly [channels: readonly string[], ids: readonly number[]]>> = {
  ps_classic_start: [['Windows PowerShell'], [400]],
  ps_classic_provider_start: [['Windows PowerShell'], [600]],
  ps_classic_script: [['Windows PowerShell'], [800]],
  ps_module: [powershell, [4103]],
  ps_script: [powershell, [4104]],
};

/** Channels by service. */
const channels: Readonly<Record<string, readonly string[]>> = {
  application: ['Application'],
  'application-experience': [
    'Microsoft-Windows-Application-Experience/Program-Telemetry',
    'Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant',
  ],
  applocker: [
    'Microsoft-Windows-AppLocker/MSI and Script',
    'Microsoft-Windows-AppLocker/EXE and DLL',
    'Microsoft-Windows-AppLocker/Packaged app-Deployment',
    'Microsoft-Windows-AppLocker/Packaged app-Execution',
  ],
  'appmodel-runtime': ['Microsoft-Windows-AppModel-Runtime/Admin'],
  'appxdeployment-server': ['Microsoft-Windows-AppXDeploymentServer/Operational'],
  'appxpackaging-om': ['Microsoft-Windows-AppxPackaging/Operational'],
  bitlocker: ['Microsoft-Windows-BitLocker/BitLocker Management'],
  'bits-client': ['Microsoft-Windows-Bits-Client/Operational'],
  capi2: ['Microsoft-Windows-CAPI2/Operational'],
  'certificateservicesclient-lifecycle-system': [
    'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  ],
  'codeintegrity-operational': ['Microsoft-Windows-CodeIntegrity/Operational'],
  dhcp: ['Microsoft-Windows-DHCP-Server/Operational'],
  'diagnosis-scripted': ['Microsoft-Windows-Diagnosis-Scripted/Operational'],
  'dns-client': ['Microsoft-Windows-DNS Client Events/Operational', 'Microsoft-Windows-DNS-Client/Operational'],
  'dns-server': ['DNS Server'],
  'dns-server-analytic': ['Microsoft-Windows-DNS-Server/Analytical'],
  'dns-server-audit': ['Microsoft-Windows-DNS-Server/Audit'],
  'driver-framework': ['Microsoft-Windows-DriverFrameworks-UserMode/Operational'],
  'firewall-as': ['Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'],
  'hyper-v-worker': ['Microsoft-Windows-Hyper-V-Worker', 'Microsoft-Windows-Hyper-V-Worker-Admin'],
  'iis-configuration': ['Microsoft-IIS-Configuration/Operational'],
  'kernel-event-tracing': ['Microsoft-Windows-Kernel-EventTracing', 'Microsoft-Windows-Kernel-EventTracing/Admin'],
  'kernel-shimengine': [
    'Microsoft-Windows-Kernel-ShimEngine/Operational',
    'Microsoft-Windows-Kernel-ShimEngine/Diagnostic',
  ],
  ldap: ['Microsoft-Windows-LDAP-Client/Debug'],
  'lsa-server': ['Microsoft-Windows-LSA/Operational'],
  'microsoft-servicebus-client': ['Microsoft-ServiceBus-Client'],
  'msexchange-management': ['MSExchange Management'],
  ntfs: ['Microsoft-Windows-Ntfs/Operational'],
  ntlm: ['Microsoft-Windows-NTLM/Operational'],
  openssh: ['OpenSSH/Operational'],
  powershell,
  'powershell-classic': ['Windows PowerShell'],
  'printservice-admin': ['Microsoft-Windows-PrintService/Admin'],
  'printservice-operational': ['Microsoft-Windows-PrintService/Operational'],
  security: ['Security'],
  'security-mitigations': [
    'Microsoft-Windows-Security-Mitigations/Kernel Mode',
    'Microsoft-Windows-Security-Mitigations/User Mode',
  ],
  sense: ['Microsoft-Windows-SENSE/Operational'],
  'servicebus-client': ['Microsoft-ServiceBus-Client/Operational', 'Microsoft-ServiceBus-Client/Admin'],
  'shell-core': ['Microsoft-Windows-Shell-Core/Operational'],
  'smbclient-connectivity': ['Microsoft-Windows-SmbClient/Connectivity'],
  'smbclient-security': ['Microsoft-Windows-SmbClient/Security'],
  'smbserver-connectivity': ['Microsoft-Windows-SMBServer/Connectivity'],
  sysmon: [sysmon],
  system: ['System'],
  taskscheduler: ['Microsoft-Windows-TaskScheduler/Operational'],
  'terminalservices-localsessionmanager': ['Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'],
  vhdmp: ['Microsoft-Windows-VHDMP/Operational'],
  windefend: ['Microsoft-Windows-Windows Defender/Operational'],
  wmi: ['Microsoft-Windows-WMI-Activity/Operational'],
};

/** Elements without a name may be a list. */
const listFields = { Data: 'fields[Data[]]' };

/** Process creation as the Security log tells it (event 4688). What only Sysmon tells is not there. */
const auditedProcess: Readonly<Record<string, FieldPlace>> = {
  Image: 'fields[NewProcessName]',
  ProcessId: 'fields[NewProcessId]',
  ParentImage: 'fields[ParentProcessName]',
  ParentProcessId: 'fields[ProcessId]',
  User: 'fields[SubjectUserName]',
  LogonId: 'fields[SubjectLogonId]',
};

function windowsTargets(
  channelNames: readonly string[],
  ids: readonly number[] | undefined,
  fields: Target['fields'] = listFields,
): Target[] {
  const channel = isOneOf('fields[Channel]', ...channelNames);
  const where = allOf([channel, ids === undefined ? always : isNumber('fields[EventID]', ...ids)]);
  return kinds.map((kind) => ({ kind, where, fields, others: 'members', platform: 'windows' }));
}

function sysmonTargets(channel: string, ids: readonly number[]): Target[] {
  const own = Object.entries(sysmonKinds).flatMap(([kind, known]) =>
    known.some((id) => ids.includes(id)) ? [kind] : [],
  );
  return windowsTargets([channel], ids).filter(({ kind }) => kind === 'log' || own.includes(kind));
}

const bySysmon = Object.entries(sysmonIds).map(([category, ids]): Origin => {
  const targets = sysmonTargets(sysmon, ids);
  const audited = category === 'process_creation' ? windowsTargets(['Security'], [4688], auditedProcess) : [];
  return { logsource: { product: 'windows', category }, targets: [...targets, ...audited] };
});

const byPowershell = Object.entries(powershellIds).map(([category, [names, ids]]): Origin => ({
  logsource: { product: 'windows', category },
  targets: windowsTargets(names, ids),
}));

const byService = Object.entries(channels).map(([service, names]): Origin => ({
  logsource: { product: 'windows', service },
  targets: windowsTargets(names, undefined),
}));

const anyChannel: Origin = {
  logsource: { product: 'windows' },
  targets: kinds.map((kind) => ({
    kind,
    where: { kind: 'exists', subject: fieldSubject('fields', 'Channel') },
    fields: listFields,
    others: 'members',
    platform: 'windows',
  })),
  isExact: true,
};

/** The same events from Sysmon for Linux, which writes them as Windows does. */
export function sysmonForLinux(category: string): readonly Target[] {
  return sysmonTargets('Linux-Sysmon/Operational', sysmonIds[category] ?? []);
}

export const windowsOrigins: readonly Origin[] = [...bySysmon, ...byPowershell, ...byService, anyChannel];
