// Written by `npm run gen` from what stands beside this file. Do not edit.
import { analyzer as arpEntry } from './arp/index.ts';
import { analyzer as bittorrentEntry } from './bittorrent/index.ts';
import { analyzer as bittorrentDhtEntry } from './bittorrent-dht/index.ts';
import { analyzer as cdpEntry } from './cdp/index.ts';
import { analyzer as dceRpcEntry } from './dce-rpc/index.ts';
import { analyzer as dhcpEntry } from './dhcp/index.ts';
import { analyzer as dnp3Entry } from './dnp3/index.ts';
import { analyzer as dnsEntry } from './dns/index.ts';
import { analyzer as enipEntry } from './enip/index.ts';
import { analyzer as ftpEntry } from './ftp/index.ts';
import { analyzer as ftpDataEntry } from './ftp-data/index.ts';
import { analyzer as httpEntry } from './http/index.ts';
import { analyzer as http2Entry } from './http2/index.ts';
import { analyzer as icmpTunnelEntry } from './icmp-tunnel/index.ts';
import { analyzer as ikeEntry } from './ike/index.ts';
import { analyzer as imapEntry } from './imap/index.ts';
import { analyzer as ircEntry } from './irc/index.ts';
import { analyzer as ircDccChatEntry } from './irc-dcc-chat/index.ts';
import { analyzer as ircDccDataEntry } from './irc-dcc-data/index.ts';
import { analyzer as kerberosEntry } from './kerberos/index.ts';
import { analyzer as ldapEntry } from './ldap/index.ts';
import { analyzer as lldpEntry } from './lldp/index.ts';
import { analyzer as modbusEntry } from './modbus/index.ts';
import { analyzer as mongodbEntry } from './mongodb/index.ts';
import { analyzer as mqttEntry } from './mqtt/index.ts';
import { analyzer as mysqlEntry } from './mysql/index.ts';
import { analyzer as ntpEntry } from './ntp/index.ts';
import { analyzer as openvpnEntry } from './openvpn/index.ts';
import { analyzer as pop3Entry } from './pop3/index.ts';
import { analyzer as postgresqlEntry } from './postgresql/index.ts';
import { analyzer as quicEntry } from './quic/index.ts';
import { analyzer as radiusEntry } from './radius/index.ts';
import { analyzer as rdpEntry } from './rdp/index.ts';
import { analyzer as redisEntry } from './redis/index.ts';
import { analyzer as rfbEntry } from './rfb/index.ts';
import { analyzer as s7commEntry } from './s7comm/index.ts';
import { analyzer as sipEntry } from './sip/index.ts';
import { analyzer as smbEntry } from './smb/index.ts';
import { analyzer as smtpEntry } from './smtp/index.ts';
import { analyzer as snmpEntry } from './snmp/index.ts';
import { analyzer as socksEntry } from './socks/index.ts';
import { analyzer as ssdpEntry } from './ssdp/index.ts';
import { analyzer as sshEntry } from './ssh/index.ts';
import { analyzer as stratumEntry } from './stratum/index.ts';
import { analyzer as stunEntry } from './stun/index.ts';
import { analyzer as sunRpcEntry } from './sun-rpc/index.ts';
import { analyzer as syslogEntry } from './syslog/index.ts';
import { analyzer as tdsEntry } from './tds/index.ts';
import { analyzer as telnetEntry } from './telnet/index.ts';
import { analyzer as tftpEntry } from './tftp/index.ts';
import { analyzer as tlsEntry } from './tls/index.ts';
import { analyzer as websocketEntry } from './websocket/index.ts';
import { analyzer as wireguardEntry } from './wireguard/index.ts';
import { analyzer as xmppEntry } from './xmpp/index.ts';
import type { ProtocolAnalyzer } from '../analyzer.ts';

export const protocols = {
  'arp': arpEntry,
  'bittorrent': bittorrentEntry,
  'bittorrent-dht': bittorrentDhtEntry,
  'cdp': cdpEntry,
  'dce-rpc': dceRpcEntry,
  'dhcp': dhcpEntry,
  'dnp3': dnp3Entry,
  'dns': dnsEntry,
  'enip': enipEntry,
  'ftp': ftpEntry,
  'ftp-data': ftpDataEntry,
  'http': httpEntry,
  'http2': http2Entry,
  'icmp-tunnel': icmpTunnelEntry,
  'ike': ikeEntry,
  'imap': imapEntry,
  'irc': ircEntry,
  'irc-dcc-chat': ircDccChatEntry,
  'irc-dcc-data': ircDccDataEntry,
  'kerberos': kerberosEntry,
  'ldap': ldapEntry,
  'lldp': lldpEntry,
  'modbus': modbusEntry,
  'mongodb': mongodbEntry,
  'mqtt': mqttEntry,
  'mysql': mysqlEntry,
  'ntp': ntpEntry,
  'openvpn': openvpnEntry,
  'pop3': pop3Entry,
  'postgresql': postgresqlEntry,
  'quic': quicEntry,
  'radius': radiusEntry,
  'rdp': rdpEntry,
  'redis': redisEntry,
  'rfb': rfbEntry,
  's7comm': s7commEntry,
  'sip': sipEntry,
  'smb': smbEntry,
  'smtp': smtpEntry,
  'snmp': snmpEntry,
  'socks': socksEntry,
  'ssdp': ssdpEntry,
  'ssh': sshEntry,
  'stratum': stratumEntry,
  'stun': stunEntry,
  'sun-rpc': sunRpcEntry,
  'syslog': syslogEntry,
  'tds': tdsEntry,
  'telnet': telnetEntry,
  'tftp': tftpEntry,
  'tls': tlsEntry,
  'websocket': websocketEntry,
  'wireguard': wireguardEntry,
  'xmpp': xmppEntry,
} as const;
export type ProtocolId = keyof typeof protocols;

// Each name is the id, and each entry fits the contract of its family.
protocols satisfies { readonly [Id in ProtocolId]: ProtocolAnalyzer<Id> };
