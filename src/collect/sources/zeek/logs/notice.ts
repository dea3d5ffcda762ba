import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, endpoints, read, sensorOfPeer, when } from './shared.ts';

/**
 * How much a notice says by itself: scans and guessing are attempts, a listed hash or an exploit is more. What is not
 * named here is low: sites define notices of their own, most of them about housekeeping.
 */
const noticeSeverity: Readonly<Record<string, string>> = {
  'Scan::Address_Scan': 'low',
  'Scan::Port_Scan': 'low',
  'SSH::Password_Guessing': 'medium',
  'SSH::Login_By_Password_Guesser': 'high',
  'FTP::Bruteforcing': 'medium',
  'HTTP::SQL_Injection_Attacker': 'medium',
  'HTTP::SQL_Injection_Victim': 'medium',
  'Heartbleed::SSL_Heartbeat_Attack': 'high',
  'Heartbleed::SSL_Heartbeat_Attack_Success': 'critical',
  'TeamCymruMalwareHashRegistry::Match': 'high',
  'Intel::Notice': 'high',
  'CaptureLoss::Too_Much_Loss': 'info',
  'CaptureLoss::Too_Little_Traffic': 'info',
  'PacketFilter::Dropped_Packets': 'info',
  'SSL::Invalid_Server_Cert': 'info',
  'SSL::Certificate_Expired': 'info',
  'SSL::Certificate_Expires_Soon': 'info',
  'SSL::Weak_Key': 'info',
};

export const notice: Mapping<'alert'> = {
  kind: 'alert',
  columns: {
    ...when,
    ...sensorOfPeer,
    ...endpoints,
    ...dataset('notice'),
    source_ip: read('id.orig_h', 'ip', 'src_ip', 'src'),
    destination_ip: read('id.resp_h', 'ip', 'dst_ip', 'dst'),
    destination_port: read('id.resp_p', 'integer', 'dst_port', 'p'),
    network_transport: read('proto', 'lower'),
    rule_id: read('note'),
    rule_name: read('note'),
    rule_category: { constant: 'notice' },
    rule_severity: { path: 'note', as: 'text', table: noticeSeverity, otherwise: 'low' },
    message: { join: [read('msg'), read('sub')], by: ': ' },
    count: read('n', 'integer'),
    tags: read('actions', 'list'),
  },
};
