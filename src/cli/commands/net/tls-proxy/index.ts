import { Option } from 'commander';
import type { Subcommand } from '../../../command.ts';
import type { TlsProxyOptions } from './options.ts';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const examples = `Examples:
  vakthund net tls-proxy --ca inspection-ca --ca-export > inspection-ca.crt    what clients have to trust
  vakthund net tls-proxy --ca inspection-ca -o decrypted --connect 127.0.0.1:8080
  vakthund net tls-proxy --ca inspection-ca -o decrypted --transparent 10.0.0.1:10443 --allow-from 10.0.0.0/24 --rules rules.txt
`;

export const tlsProxy: Subcommand = {
  define(parent, run) {
    parent
      .command('tls-proxy')
      .summary('decrypt TLS of clients that trust its authority, and write it as packets')
      .addHelpText('before', examples)
      .requiredOption('--ca <folder>', 'where its authority is; made there at the first time')
      .option('--ca-export', 'print the certificate of the authority, for clients to import, and end')
      .option('-o, --output <folder>', 'where decrypted packets (pcap) and the log of connections go')
      .option('--connect <address>', 'be an HTTP proxy for CONNECT there: 127.0.0.1:8080 (repeatable)', collect, [])
      .option('--socks <address>', 'be a SOCKS 5 proxy there: 127.0.0.1:1080 (repeatable)', collect, [])
      .option(
        '--transparent <address>',
        'take connections there that a firewall turns, or that find their way by name (repeatable)',
        collect,
        [],
      )
      .option('--transparent-port <port>', 'port of the server, where only the name is known', '443')
      .option('--allow-from <network>', 'clients beyond this machine that may use it (repeatable)', collect, [])
      .option('--rules <file>', 'lines of inspect, bypass or block and a name, *.name, network, no-name or *')
      .option('--upstream-ca <file>', 'certificates that servers may be signed by, beside the usual ones')
      .addOption(
        new Option(
          '--on-bad-origin <how>',
          'what a client gets whose server has a bad certificate: a bad one too, or none',
        )
          .choices(['warn', 'refuse'])
          .default('warn'),
      )
      .option(
        '--fail-open <seconds>',
        'let a client that refuses our certificate reach that name undecrypted for so long',
        '0',
      )
      .option('--pcap-over-ip <address>', 'stream the packets to whoever connects there, on loopback: 127.0.0.1:57012')
      .option('--capture-port <port>', 'write this port in place of the true one of servers, for tools that go by it')
      .option('--keylog <file>', 'write the keys of all connections too; whoever has them can read captured traffic')
      .option('--rotate-mb <megabytes>', 'begin a new file after so much', '100')
      .option('--keep-mb <megabytes>', 'keep so much of packets; the oldest files go', '2048')
      .option('--max-connections <count>', 'connections at a time', '4096')
      .option('--idle <seconds>', 'end connections on which nothing passes for so long', '600')
      .option('--for <seconds>', 'stop by itself after so long')
      .action((options: TlsProxyOptions) =>
        run(async (terminal) => (await import('./run.ts')).runTlsProxy(options, terminal)),
      );
  },
};
