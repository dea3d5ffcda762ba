// Written by `npm run gen` from what stands beside this file. Do not edit.
import { source as accessLogEntry } from './access-log/index.ts';
import { source as arkimeEntry } from './arkime/index.ts';
import { source as auditdEntry } from './auditd/index.ts';
import { source as autorunsEntry } from './autoruns/index.ts';
import { source as cloudAuditEntry } from './cloud-audit/index.ts';
import { source as containerLogEntry } from './container-log/index.ts';
import { source as csvEntry } from './csv/index.ts';
import { source as dnsQueryLogEntry } from './dns-query-log/index.ts';
import { source as evtxEntry } from './evtx/index.ts';
import { source as falcoJsonEntry } from './falco-json/index.ts';
import { source as journaldEntry } from './journald/index.ts';
import { source as journaldJsonEntry } from './journald-json/index.ts';
import { source as jsonlEntry } from './jsonl/index.ts';
import { source as kubernetesAuditEntry } from './kubernetes-audit/index.ts';
import { source as kunaiEntry } from './kunai/index.ts';
import { source as netflowEntry } from './netflow/index.ts';
import { source as osqueryEntry } from './osquery/index.ts';
import { source as osqueryStatusEntry } from './osquery-status/index.ts';
import { source as packageLogEntry } from './package-log/index.ts';
import { source as pcapEntry } from './pcap/index.ts';
import { source as scapEntry } from './scap/index.ts';
import { source as squidEntry } from './squid/index.ts';
import { source as suricataEveEntry } from './suricata-eve/index.ts';
import { source as syslogEntry } from './syslog/index.ts';
import { source as tetragonEntry } from './tetragon/index.ts';
import { source as tlsKeyLogEntry } from './tls-key-log/index.ts';
import { source as traceeEntry } from './tracee/index.ts';
import { source as uacEntry } from './uac/index.ts';
import { source as vakthundExportEntry } from './vakthund-export/index.ts';
import { source as velociraptorEntry } from './velociraptor/index.ts';
import { source as vpcFlowLogEntry } from './vpc-flow-log/index.ts';
import { source as w3cExtendedEntry } from './w3c-extended/index.ts';
import { source as windowsJsonEntry } from './windows-json/index.ts';
import { source as windowsXmlEntry } from './windows-xml/index.ts';
import { source as wtmpEntry } from './wtmp/index.ts';
import { source as zeekEntry } from './zeek/index.ts';
import type { Source } from '../source.ts';

export const sources = {
  'access-log': accessLogEntry,
  'arkime': arkimeEntry,
  'auditd': auditdEntry,
  'autoruns': autorunsEntry,
  'cloud-audit': cloudAuditEntry,
  'container-log': containerLogEntry,
  'csv': csvEntry,
  'dns-query-log': dnsQueryLogEntry,
  'evtx': evtxEntry,
  'falco-json': falcoJsonEntry,
  'journald': journaldEntry,
  'journald-json': journaldJsonEntry,
  'jsonl': jsonlEntry,
  'kubernetes-audit': kubernetesAuditEntry,
  'kunai': kunaiEntry,
  'netflow': netflowEntry,
  'osquery': osqueryEntry,
  'osquery-status': osqueryStatusEntry,
  'package-log': packageLogEntry,
  'pcap': pcapEntry,
  'scap': scapEntry,
  'squid': squidEntry,
  'suricata-eve': suricataEveEntry,
  'syslog': syslogEntry,
  'tetragon': tetragonEntry,
  'tls-key-log': tlsKeyLogEntry,
  'tracee': traceeEntry,
  'uac': uacEntry,
  'vakthund-export': vakthundExportEntry,
  'velociraptor': velociraptorEntry,
  'vpc-flow-log': vpcFlowLogEntry,
  'w3c-extended': w3cExtendedEntry,
  'windows-json': windowsJsonEntry,
  'windows-xml': windowsXmlEntry,
  'wtmp': wtmpEntry,
  'zeek': zeekEntry,
} as const;
export type SourceId = keyof typeof sources;

// Each name is the id, and each entry fits the contract of its family.
sources satisfies { readonly [Id in SourceId]: Source<Id> };
