import { decodeJsonLines } from '../../json-lines.ts';
import { defineSource } from '../../source.ts';
import { eveDecoder } from './decode.ts';
import { detectEve } from './detect.ts';

export const source = defineSource({
  id: 'suricata-eve',
  title: 'Suricata EVE',
  description:
    'The JSON records that Suricata 4 to 8 writes for everything it sees: alerts, flows, DNS of all three versions, HTTP, TLS, QUIC, SSH, files, mail, DHCP, ARP. Every other type becomes a log record, with its fields. Statistics records tell what the sensor lost. One object on a line, or a list, or spread over lines.',
  references: [
    'https://docs.suricata.io/en/latest/output/eve/eve-json-format.html',
    'https://github.com/OISF/suricata/blob/master/etc/schema.json',
  ],
  guide: ['C17', 'B14'],
  emits: ['alert', 'device', 'dhcp', 'dns', 'file_transfer', 'flow', 'http', 'log', 'quic', 'smtp', 'ssh', 'tls'],
  detect: (_name, head) => detectEve(head),
  decode: (content, context) => decodeJsonLines(content, context, eveDecoder),
});
