import { defineSource } from '../../source.ts';
import { carried } from './carried.ts';
import { decode } from './decode.ts';
import { detect } from './detect.ts';
import { extract, extractRuns } from './extract.ts';

export const source = defineSource({
  id: 'pcap',
  title: 'Packet capture',
  description:
    'pcap (microseconds, nanoseconds, modified, either byte order) and pcapng (several sections and interfaces). Ethernet with ' +
    'VLAN, QinQ, MPLS and PPPoE, Linux cooked captures, 802.11 with radiotap, PPP, raw IP and others; IPv4 and IPv6 with ' +
    "fragments; GRE, ERSPAN, IP in IP, VXLAN, GENEVE, GTP-U, Teredo, AYIYA, L2TP, GUE, LISP and VXLAN-GPE tunnels; AH, and ESP that does not encrypt. Flows with Zeek's meaning of state, history, " +
    'sizes, time limits and direction, and the application protocols below. TLS is decrypted where a key log, or the capture itself, has ' +
    'the secrets; other payload that is encrypted is not read.',
  references: [
    'https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/',
    'https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/',
    'https://www.tcpdump.org/linktypes.html',
    'https://docs.zeek.org/en/master/logs/conn.html',
    'https://github.com/corelight/community-id-spec',
  ],
  guide: ['B12', 'B14', 'B16', 'B17', 'B25'],
  emits: ['flow', 'dns', 'http', 'tls', 'certificate', 'ssh', 'file_transfer', 'dhcp', 'device', 'quic', 'smtp', 'log'],
  isBinary: true,
  detect,
  decode,
  extract,
  extractRuns,
  carried,
});
