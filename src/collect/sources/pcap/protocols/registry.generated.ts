// Written by `npm run gen` from what stands beside this file. Do not edit.
import { analyzer as arpEntry } from './arp/index.ts';
import { analyzer as cdpEntry } from './cdp/index.ts';
import { analyzer as dhcpEntry } from './dhcp/index.ts';
import { analyzer as dnsEntry } from './dns/index.ts';
import { analyzer as ftpEntry } from './ftp/index.ts';
import { analyzer as ftpDataEntry } from './ftp-data/index.ts';
import { analyzer as httpEntry } from './http/index.ts';
import { analyzer as lldpEntry } from './lldp/index.ts';
import { analyzer as quicEntry } from './quic/index.ts';
import { analyzer as smtpEntry } from './smtp/index.ts';
import { analyzer as sshEntry } from './ssh/index.ts';
import { analyzer as tlsEntry } from './tls/index.ts';
import type { ProtocolAnalyzer } from '../analyzer.ts';

export const protocols = {
  'arp': arpEntry,
  'cdp': cdpEntry,
  'dhcp': dhcpEntry,
  'dns': dnsEntry,
  'ftp': ftpEntry,
  'ftp-data': ftpDataEntry,
  'http': httpEntry,
  'lldp': lldpEntry,
  'quic': quicEntry,
  'smtp': smtpEntry,
  'ssh': sshEntry,
  'tls': tlsEntry,
} as const;
export type ProtocolId = keyof typeof protocols;

// Each name is the id, and each entry fits the contract of its family.
protocols satisfies { readonly [Id in ProtocolId]: ProtocolAnalyzer<Id> };
