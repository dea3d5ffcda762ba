import { Option, type Command } from 'commander';
import { defineCommand } from '../../command.ts';
import type { ExtractOptions } from './extract.ts';
import type { JarmOptions } from './jarm.ts';
import type { KeyLogOptions } from './key-log.ts';
import { shodan } from './shodan/index.ts';
import { tlsProxy } from './tls-proxy/index.ts';
import type { ZeekOptions } from './zeek/write.ts';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const examples = `Examples:
  vakthund net extract capture.pcap --flow CHhAvVGS1DHFjwGM9 -o session.pcap
  vakthund net extract capture.pcap.gz --filter "host 10.0.0.7 and tcp and port 443" -o host.pcap
  tcpdump -w - -c 9999 | vakthund net extract - --filter "port 53" -o dns.pcap
  vakthund net zeek capture.pcap -o logs       conn.log, dns.log, http.log … as Zeek writes them
  vakthund net fingerprint capture.pcap        JA3, JA3S, JA4 and HASSH, with counts
  vakthund net jarm intranet.example:8443 --may-scan   fingerprint of a TLS server, by asking it
  vakthund net shodan 198.51.100.7 --key-file shodan.key    what Shodan saw of an address
  vakthund net tls-proxy --ca inspection-ca -o decrypted --connect 127.0.0.1:8080     decrypt, and write packets
`;

export const command = defineCommand({
  id: 'net',
  summary:
    "cut sessions out of captures, write Zeek's logs of them, list fingerprints, ask servers for theirs, decrypt TLS",
  guide: ['B13', 'B14', 'B20', 'B21'],
  define(command, run) {
    command.addHelpText('before', examples);
    command
      .command('extract')
      .summary('write the packets of connections to a capture of their own')
      .argument('<capture>', 'pcap or pcapng, compressed or not; - for standard input')
      .option('--flow <id>', 'uid or community id of a connection, as events have it (repeatable)', collect, [])
      .option('--filter <expression>', 'host, net, port, tcp, udp, icmp; src and dst; and, or, not')
      .requiredOption(
        '-o, --output <file>',
        'where to write: a file that does not exist yet (pcap, or pcapng by its name), or - for standard output',
      )
      .action((path: string, _options: unknown, extract: Command) =>
        run(async (terminal) =>
          (await import('./extract.ts')).extractPackets(path, extract.optsWithGlobals<ExtractOptions>(), terminal),
        ),
      );
    command
      .command('zeek')
      .summary('write the logs that Zeek would write')
      .argument('<capture...>', 'captures, compressed or not; - for standard input')
      .requiredOption('-o, --output <folder>', 'where to write; logs that are there are left alone')
      .option('--keylog <file>', 'TLS secrets (SSLKEYLOGFILE) to decrypt by (repeatable)', collect, [])
      .addOption(new Option('--format <format>', 'how to write rows').choices(['tsv', 'json']).default('tsv'))
      .action((paths: string[], options: ZeekOptions) =>
        run(async (terminal) => (await import('./zeek/write.ts')).writeZeekLogs(paths, options, terminal)),
      );
    command
      .command('fingerprint')
      .summary('list JA3, JA3S, JA4 and HASSH with counts')
      .argument('<capture...>', 'captures, compressed or not; - for standard input')
      .option('--keylog <file>', 'TLS secrets (SSLKEYLOGFILE) to decrypt by (repeatable)', collect, [])
      .action((paths: string[], { keylog }: KeyLogOptions) =>
        run(async (terminal) => (await import('./fingerprint.ts')).printFingerprints(paths, keylog, terminal)),
      );
    command
      .command('jarm')
      .summary('fingerprint TLS servers by ten hellos each: goes out to them')
      .argument('<server...>', 'host, host:port, or [address]:port; port 443 when none is given')
      .option('--may-scan', 'you have the right to ask these servers; not needed for this machine itself')
      .option('--concurrency <count>', 'servers asked at the same time', '4')
      .option('--pause <ms>', 'wait between two hellos to one server', '50')
      .option('--timeout <seconds>', 'longest wait for an answer', '20')
      .action((servers: string[], options: JarmOptions) =>
        run(async (terminal) => (await import('./jarm.ts')).scanServers(servers, options, terminal)),
      );
    shodan.define(command, run);
    tlsProxy.define(command, run);
  },
});
