import { defineCommand } from '../../command.ts';
import type { ExtractOptions } from './extract.ts';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const examples = `Examples:
  vakthund net extract capture.pcap --flow CHhAvVGS1DHFjwGM9 -o session.pcap
  vakthund net extract capture.pcap.gz --filter "host 10.0.0.7 and tcp and port 443" -o host.pcap
  vakthund net fingerprint capture.pcap        JA3, JA3S, JA4 and HASSH, with counts
`;

export const command = defineCommand({
  id: 'net',
  summary: 'cut sessions out of captures, and list fingerprints',
  define(command, run) {
    command.addHelpText('before', examples);
    command
      .command('extract')
      .summary('write the packets of connections to a capture of their own')
      .argument('<capture>', 'pcap or pcapng, compressed or not')
      .option('--flow <id>', 'uid or community id of a connection, as events have it (repeatable)', collect, [])
      .option('--filter <expression>', 'host, net, port, tcp, udp, icmp; src and dst; and, or, not')
      .requiredOption('-o, --output <file>', 'where to write; it must not exist yet')
      .action((path: string, options: ExtractOptions) =>
        run(async (terminal) => (await import('./extract.ts')).extractPackets(path, options, terminal)),
      );
    command
      .command('fingerprint')
      .summary('list JA3, JA3S, JA4 and HASSH with counts')
      .argument('<capture...>', 'captures, compressed or not')
      .action((paths: string[]) =>
        run(async (terminal) => (await import('./fingerprint.ts')).printFingerprints(paths, terminal)),
      );
  },
});
