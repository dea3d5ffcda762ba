import type { Answers, StepAnswer } from './answers.ts';

/** `samples/README.md`: what the evidence shows, and the intrusion step by step with pointers to its lines. */
export function readmeText(answers: Answers): string {
  return [
    introduction(answers.day),
    '## The intrusion, step by step',
    '',
    'Times are UTC. Line numbers count from 1 in the uncompressed file. `answers.json` has all of them.',
    '',
    ...answers.steps.flatMap(stepText),
    conclusion,
  ].join('\n');
}

function stepText(step: StepAnswer, index: number): string[] {
  const from = step.first.slice(11, 19);
  const to = step.last.slice(11, 19);
  return [
    `### ${index + 1}. ${step.title} (\`${step.id}\`)`,
    '',
    `${from === to ? from : `${from} to ${to}`} · ATT&CK ${step.attack.join(', ')}`,
    '',
    narratives[step.id],
    '',
    '| file | lines |',
    '|---|---|',
    ...[...byLog(step)].map(([log, lines]) => `| ${log} | ${lines} |`),
    '',
  ];
}

/** Files of one log together: where it starts and how many lines it has. */
function byLog(step: StepAnswer): Map<string, string> {
  const shown = new Map<string, string>();
  const groups = new Map<string, [path: string, lines: string][]>();
  for (const [path, lines] of Object.entries(step.lines)) {
    const log = path.replace(/-2026-\d\d-\d\d-.*$/, '');
    groups.set(log, [...(groups.get(log) ?? []), [path, lines]]);
  }
  for (const [log, files] of groups) {
    const [first] = files;
    if (first === undefined) continue;
    const count = files.reduce((total, [, lines]) => total + countOf(lines), 0);
    const isShort = files.length === 1 && first[1].length < 70;
    if (isShort) {
      shown.set(`\`${first[0]}\``, first[1]);
      continue;
    }
    shown.set(
      `\`${files.length === 1 ? first[0] : `${log}-*`}\``,
      `${count} lines, first \`${first[0]}\` ${first[1].split(/[,-]/)[0]}`,
    );
  }
  return shown;
}

function countOf(lines: string): number {
  return lines.split(',').reduce((total, part) => {
    const [from = 0, to] = part.split('-').map(Number);
    return total + (to === undefined ? 1 : to - from + 1);
  }, 0);
}

const narratives: Readonly<Record<StepAnswer['id'], string>> = {
  probe: `198.51.100.77 looks at the shop, then sends three requests whose User-Agent is a JNDI look-up: as it is (the
shop refuses it), letter by letter (\`\${::-j}\`), and with \`\${lower:…}\`. Suricata knows the last form only.`,
  callback: `Both forms that passed make Java connect to 203.0.113.66:1389 (LDAP). Each conn row has its \`connect\` in the
audit log a fraction of a millisecond earlier, by \`java\` in the container.`,
  payload: 'Java fetches `/Loader.class` from 203.0.113.66:8888 as `Java/1.8.0_181`.',
  shell: `\`java\` starts \`sh -c "curl … | bash"\`. The script runs \`id\` and \`uname -a\`, makes a hidden folder on the data
volume and fetches \`/sysd\`, an ELF file of 3.2 MB. Falco sees the shell and both curls.`,
  persistence: `The script writes \`/opt/shop/cron.d/shop-report\`. That folder is the host's \`/etc/cron.d\`, mounted into
the container: the audit record has the container's name of the file, the key \`cron\` and the inode of the host's folder.
Falco compares names and stays silent. From 11:07:01 on the host's cron starts \`/var/lib/shop/.cache/.sysd\` twice an hour;
the first stays, the others see it and end.`,
  collection: `\`.sysd\` reads \`/etc/shadow\`. The nightly backup does the same at 02:15 and gets the same alert.`,
  beacon: `\`.sysd\` connects to 203.0.113.7:443 every 600 s ± 20 %, SNI \`static.nimbus-relay.example\`, with a JA3 that no
other program has. Each time it asks for the address first.`,
  exfiltration: `24 KiB leave in the labels of A questions under \`sync-metrics.example\`, in base 32, about one question
every 40 s ± 40 %, all to the company's resolver.`,
};

function introduction(day: string): string {
  return `# Sample evidence

One day (${day}, a Tuesday) of a small company, Fjord & Co, as its sensors wrote it down. All of it is made up by
\`tools/samples\`: addresses outside are documentation ranges (RFC 5737, RFC 3849), names end in \`.example\` and \`.test\`.

| folder | |
|---|---|
| \`intrusion/\` | the day with one intrusion in it |
| \`quiet/\` | the same day without it: every line of \`intrusion/\` that belongs to no step, and nothing else |
| \`answers.json\` | the steps with all line numbers, for tests |

\`npm run samples\` makes the files again, byte by byte the same; \`npm run samples -- --check\` only compares.

## The company

| | |
|---|---|
| 10.20.10.101-125 | 25 workstations, nine of them laptops; five also have IPv6 (2001:db8:20:10::/64) |
| 10.20.20.11-13 | printers |
| 10.20.30.1 gw01, .10 dns01, .15 mail01, .16 files01, .18 mon01, .22 git01 | servers; dns01 is resolver, DHCP and time server and forwards by DNS over TLS |
| 10.20.30.20 dockerhost1 | runs the web shop in the container web01 (Tomcat on Java 8, as root), published on port 80 |

web01 has two folders of its host mounted: \`/var/lib/shop\` as \`/opt/shop/data\` and \`/etc/cron.d\` as \`/opt/shop/cron.d\`.

## The sensors

| folder | what wrote it |
|---|---|
| \`zeek/\` | Zeek 8 at the core switch, with community-id-logging, validate-certs, log-hostcerts-only, hash-all-files and the package ja3. conn.log turned over hourly, the others daily. Local networks: 10.20.0.0/16, 2001:db8:20::/48 |
| \`suricata/\` | Suricata 8 on the same mirror port: alert, dns (version 3, \`requests: no\`), fileinfo, flow, http, ssh, stats, tls with JA3 and JA4 |
| \`auditd/\` | dockerhost1, \`log_format = ENRICHED\`, \`name_format = HOSTNAME\`: all execve (key \`exec\`), connect of IPv4 (key \`net\`), \`-w /etc/cron.d -p wa -k cron\` |
| \`falco/\` | dockerhost1, Falco JSON output: the stable rules and three incubating ones, with Tomcat opted in as protected and the shop's health check opted out |
| \`containers/\` | what web01 wrote, in Docker's json-file format |

The two network sensors see the same packets: tuples, times, volumes and community ids agree, and Suricata counts
14 bytes of Ethernet more per packet. Every connection that dockerhost1 opens has its \`connect\` in the audit log. Zeek's capture_loss
and Suricata's stats count the ordinary traffic only, so that both folders have the same ones. Audit serial numbers have no
gaps in either folder, so they differ between the two. Connections still open at midnight are not in conn.log yet.

## What is ordinary, and tempting

- The endpoint agent of all 25 workstations reports every 40 minutes to the second.
- ws-07 asks printer prn-2 for its status every ten minutes; ws-05 and ws-14 have a weather widget that polls every 15.
- files01 sends about 2 GB to a store outside at night; ws-04 pushes a container image of 900 MB in the afternoon.
- The virus scanner and the mail server ask hundreds of unique names by DNS (file reputation, block lists, SPF, DKIM), and
  mon01 sweeps the reverse zone.
- SSH, IMAP and video calls last for hours; dns01 holds DNS over TLS connections day and night.
- Scanners from outside ask the shop for \`/.env\` and the like all day; Suricata alerts on some, and on STUN and apt.
- On dockerhost1 the health check runs \`sh -c curl …\` in the container; restic reads \`/etc/shadow\` at 02:15; nora opens
  shells in the container (09:20, 14:31), runs a package manager there, and upgrades packages (14:03), which writes
  \`/etc/cron.d/sysstat\`. Falco reports all of it.
`;
}

const conclusion = `## What a story of it should hold

One incident on dockerhost1 and web01 that joins the first request, the LDAP answer, the shell, the cron file, the beacon and
the tunnel: the container and its process join 1 to 5, the file \`.sysd\` joins 5 to 8, the address 203.0.113.66 joins 2 to 4.
In \`quiet/\` nothing should be worth a call at night.
`;
