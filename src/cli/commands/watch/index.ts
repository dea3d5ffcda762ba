import { Option } from 'commander';
import { severities } from '../../../events/finding.ts';
import { defineCommand } from '../../command.ts';
import type { WatchCommandOptions } from './run.ts';

const examples = `Examples:
  vakthund watch /var/log/audit/audit.log /var/log/falco/          follow logs, tell what happens
  vakthund watch /var/log/suricata --webhook https://example.test/hook --min-severity high
  vakthund watch --sensor audit                                    record what this machine does, as audit rules ask
  vakthund watch --sensor process-events --sensor fanotify         every program that starts, and who changes which file
  vakthund watch --interface eth0                                  capture packets, and judge what they carry
  vakthund watch --listen 127.0.0.1:2801                           take what Falco posts (http_output)
  vakthund watch --sensor auto --write-unit /etc/systemd/system/vakthund.service
  vakthund watch /var/log/audit --json | jq 'select(.type == "incident")'
`;

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

export const command = defineCommand({
  id: 'watch',
  summary: 'follow logs and sensors, and tell alerts and incidents as they happen',
  guide: ['B01', 'B03', 'B04', 'C14', 'C15'],
  define(command, run) {
    command
      .argument(
        '[paths...]',
        'files and folders to follow: logs of any kind that investigate reads, rotated as they please; - for packets on standard input',
      )
      .option(
        '--sensor <id>',
        'record on this machine: audit, process-events, fanotify, containers, journald, ebpf, or auto for all but the last that can run (repeatable)',
        collect,
        [],
      )
      .option(
        '--journal-directory <folder>',
        'follow the systemd journals in it; a journal below the paths is followed without (repeatable)',
        collect,
        [],
      )
      .option(
        '--engine <socket>',
        'socket of Docker or podman that is asked of containers, in place of those of root (repeatable)',
        collect,
        [],
      )
      .option('--pack <file>', 'run the queries of this osquery pack at their intervals (repeatable)', collect, [])
      .option('--interface <name>', 'capture packets of it, by tcpdump or dumpcap (repeatable)', collect, [])
      .option(
        '--pcap-over-ip <address>',
        'take packets from a producer: HOST:PORT, or listen:ADDRESS:PORT for those that connect (repeatable)',
        collect,
        [],
      )
      .option('--capture-every <seconds>', 'how often captured packets are handed on to be read', '30')
      .option('--rules <path>', 'Sigma or Falco rules to run beside the shipped ones (repeatable)', collect, [])
      .option('--indicators <file>', 'threat-intelligence list to match (repeatable)', collect, [])
      .option('--keylog <file>', 'TLS secrets that programs log, to decrypt captures by (repeatable)', collect, [])
      .addOption(
        new Option('--min-severity <severity>', 'tell alerts and incidents from there on')
          .choices([...severities])
          .default('low'),
      )
      .option('--look-every <seconds>', 'how often the paths are looked at; half as often while something comes', '0.5')
      .option(
        '--judge-every <seconds>',
        'how often what came in is judged together after an alert; a sixth as often where nobody was alarmed',
        '10',
      )
      .option('--repeat-window <seconds>', 'how long alike alerts are counted instead of told', '300')
      .option(
        '--listen <address>',
        'take JSON from tools, and answer /metrics: 127.0.0.1:2801 or unix:/run/vakthund.sock (repeatable)',
        collect,
        [],
      )
      .option('--listen-token-file <file>', 'what posts must bring as a bearer token; needed beyond loopback')
      .option('--webhook <url>', 'post each alert and incident as JSON (repeatable)', collect, [])
      .option('--webhook-token-file <file>', 'sent along as a bearer token')
      .option('--falcosidekick <url>', 'post them as Falco does (repeatable)', collect, [])
      .option(
        '--syslog <target>',
        'send them by RFC 5424: udp://host:514, tcp://host:601 or tls://host:6514 (repeatable)',
        collect,
        [],
      )
      .option('--email <address>', 'mail them, the first at once and then together (repeatable)', collect, [])
      .option('--smtp <server>', 'where mail goes: smtp://user@mail.example.org:587 (STARTTLS) or smtps://…')
      .option('--smtp-password-file <file>', 'password for the mail server')
      .option('--email-from <address>', 'sender of the mails; default vakthund@ this machine')
      .option('--email-every <seconds>', 'at most one mail in that time', '300')
      .option('--print-unit', 'print a unit of systemd that runs this watch with no right too many, and end')
      .option('--write-unit <file>', 'write it to a file, which is touched only when all of it is right')
      .option('--for <seconds>', 'stop by itself so long after everything that stood there was judged')
      .addHelpText('before', examples)
      .action((paths: string[]) =>
        run(async (terminal) =>
          (await import('./run.ts')).runWatch(paths, command.optsWithGlobals<WatchCommandOptions>(), terminal),
        ),
      );
  },
});
