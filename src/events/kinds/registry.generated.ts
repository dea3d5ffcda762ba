// Written by `npm run gen` from what stands beside this file. Do not edit.
import { kind as alertEntry } from './alert.ts';
import { kind as certificateEntry } from './certificate.ts';
import { kind as deviceEntry } from './device.ts';
import { kind as dhcpEntry } from './dhcp.ts';
import { kind as dnsEntry } from './dns.ts';
import { kind as fileAccessEntry } from './file-access.ts';
import { kind as fileTransferEntry } from './file-transfer.ts';
import { kind as flowEntry } from './flow.ts';
import { kind as httpEntry } from './http.ts';
import { kind as kernelModuleEntry } from './kernel-module.ts';
import { kind as logEntry } from './log.ts';
import { kind as processEntry } from './process.ts';
import { kind as quicEntry } from './quic.ts';
import { kind as registryEntry } from './registry.ts';
import { kind as scheduledTaskEntry } from './scheduled-task.ts';
import { kind as smtpEntry } from './smtp.ts';
import { kind as socketEntry } from './socket.ts';
import { kind as sshEntry } from './ssh.ts';
import { kind as tlsEntry } from './tls.ts';
import { kind as userSessionEntry } from './user-session.ts';
import type { KindSpec } from '../kind.ts';

export const kinds = {
  'alert': alertEntry,
  'certificate': certificateEntry,
  'device': deviceEntry,
  'dhcp': dhcpEntry,
  'dns': dnsEntry,
  'file_access': fileAccessEntry,
  'file_transfer': fileTransferEntry,
  'flow': flowEntry,
  'http': httpEntry,
  'kernel_module': kernelModuleEntry,
  'log': logEntry,
  'process': processEntry,
  'quic': quicEntry,
  'registry': registryEntry,
  'scheduled_task': scheduledTaskEntry,
  'smtp': smtpEntry,
  'socket': socketEntry,
  'ssh': sshEntry,
  'tls': tlsEntry,
  'user_session': userSessionEntry,
} as const;
export type KindId = keyof typeof kinds;

// Each name is the id, and each entry fits the contract of its family.
kinds satisfies { readonly [Id in KindId]: KindSpec<Id> };
