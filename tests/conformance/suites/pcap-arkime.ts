import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EventRow } from '../../../src/events/event.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { decodeCapture } from './pcap-captures/decode.ts';

/**
 * Captures beside the sessions that Arkime makes of them (`network/arkime`, `X.expected.json` for `X.pcap`). Each field that a
 * column of ours can hold is a case: it must be among the values of that column, over all events of the session.
 */
export const suite: Suite = { id: 'pcap/arkime', run };

type Body = Readonly<Record<string, unknown>>;

/** An Arkime field, and where it stands with us. */
interface Field {
  readonly path: string;
  readonly kind: string;
  readonly column: string;
  /** Brings a value of ours into Arkime's form. */
  readonly as?: (value: unknown) => unknown;
}

const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

const fields: readonly Field[] = [
  { path: 'network.community_id', kind: 'flow', column: 'network_community_id' },
  { path: 'ipProtocol', kind: 'flow', column: 'network_iana_number' },
  { path: 'source.packets', kind: 'flow', column: 'source_packets' },
  { path: 'destination.packets', kind: 'flow', column: 'destination_packets' },
  { path: 'source.mac', kind: 'flow', column: 'source_mac' },
  { path: 'http.host', kind: 'http', column: 'url_domain' },
  { path: 'http.method', kind: 'http', column: 'http_request_method' },
  { path: 'http.statuscode', kind: 'http', column: 'http_response_status_code' },
  { path: 'http.useragent', kind: 'http', column: 'user_agent_original' },
  { path: 'http.request-referer', kind: 'http', column: 'http_request_referrer' },
  { path: 'http.md5', kind: 'file_transfer', column: 'file_hash_md5' },
  { path: 'http.sha256', kind: 'file_transfer', column: 'file_hash_sha256' },
  { path: 'tls.ja3', kind: 'tls', column: 'tls_client_ja3' },
  { path: 'tls.ja3s', kind: 'tls', column: 'tls_server_ja3s' },
  { path: 'tls.ja4', kind: 'tls', column: 'tls_client_ja4' },
  { path: 'tls.cipher', kind: 'tls', column: 'tls_cipher' },
  { path: 'ssh.hassh', kind: 'ssh', column: 'ssh_hassh' },
  { path: 'ssh.hasshServer', kind: 'ssh', column: 'ssh_hassh_server' },
  { path: 'email.src', kind: 'smtp', column: 'email_sender', as: lower },
  { path: 'email.dst', kind: 'smtp', column: 'email_recipients', as: lower },
  { path: 'email.subject', kind: 'smtp', column: 'email_subject' },
  { path: 'email.filename', kind: 'file_transfer', column: 'file_name' },
  { path: 'email.md5', kind: 'file_transfer', column: 'file_hash_md5' },
  { path: 'dns.queryHost', kind: 'dns', column: 'dns_question_name' },
  // Zeek's name of the type.
  { path: 'dns.qt', kind: 'dns', column: 'dns_question_type', as: (value) => (value === '*' ? 'ANY' : value) },
  { path: 'dns.status', kind: 'dns', column: 'dns_response_code' },
  { path: 'dhcp.mac', kind: 'dhcp', column: 'client_mac' },
  { path: 'arp.mac', kind: 'device', column: 'device_mac' },
  { path: 'arp.ip', kind: 'device', column: 'device_ip' },
];

/** What Arkime means by a field where it differs. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['source.packets', 'Arkime joins what we keep apart: tunnels, and exchanges of DHCP'],
  ['destination.packets', 'Arkime joins what we keep apart: tunnels, and exchanges of DHCP'],
  ['http.md5', 'Arkime hashes bodies as sent, we as Zeek behind their compression'],
  ['http.sha256', 'Arkime hashes bodies as sent, we as Zeek behind their compression'],
  ['dns.queryHost', 'Arkime tells <root> for a message without a question, such as the answers of mDNS'],
  ['http.host', 'Arkime counts server names of TLS among the hosts of HTTP'],
]);

async function run(corpus: string): Promise<SuiteResult> {
  const folder = join(corpus, 'network', 'arkime');
  const judge = new Judge();
  for (const name of globSync('*.expected.json', { cwd: folder }).sort()) {
    const capture = join(folder, name.replace(/\.expected\.json$/, '.pcap'));
    if (!existsSync(capture)) continue;
    const { sessions3 } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      readonly sessions3: readonly { readonly body: Body }[];
    };
    const { events } = await decodeCapture(capture, 'accept');
    for (const [index, { body }] of sessions3.entries()) {
      judge.session(`${basename(capture)} session ${index + 1}`, body, eventsOf(body, events));
    }
  }
  return judge.result();
}

/** Our events between the same ends; all of them for sessions of the link layer. */
function eventsOf(body: Body, events: readonly EventRow[]): readonly EventRow[] {
  const [source] = valuesAt(body, 'source.ip');
  const [destination] = valuesAt(body, 'destination.ip');
  if (typeof source !== 'string' || typeof destination !== 'string') return events;
  const [sourcePort] = valuesAt(body, 'source.port');
  const [destinationPort] = valuesAt(body, 'destination.port');
  const isIcmp = valuesAt(body, 'icmp.type').length > 0;
  return events.filter((event) => {
    const ends = [event['source_ip'], event['destination_ip']];
    const hasEnds = ends.includes(source) && ends.includes(destination);
    const ports = [event['source_port'], event['destination_port']];
    const hasPorts = ports.includes(Number(sourcePort)) && ports.includes(Number(destinationPort));
    // A DHCP exchange is one event of ours, and a session for each pair of addresses of Arkime's.
    return event['kind'] === 'dhcp' || (hasEnds && (hasPorts || (isIcmp && event['network_transport'] === 'icmp')));
  });
}

class Judge {
  #passed = 0;
  readonly #failed: SuiteFailure[] = [];

  session(name: string, body: Body, events: readonly EventRow[]): void {
    // Sessions of ARP and LLDP have no flow with us.
    const isIp = valuesAt(body, 'source.ip').length > 0;
    for (const { path, kind, column, as } of fields) {
      if (!isIp && kind === 'flow') continue;
      const got = events
        .filter((event) => event['kind'] === kind)
        .flatMap((event) => [event[column]].flat())
        .map((value) => as?.(value) ?? value);
      for (const want of valuesAt(body, path)) {
        if (got.includes(want as string)) this.#passed++;
        else {
          const what = { got: JSON.stringify(got), want: JSON.stringify(want), why: reasons.get(path) };
          this.#failed.push({ case: `${name}: ${path}`, ...what });
        }
      }
    }
  }

  result(): SuiteResult {
    const total = this.#passed + this.#failed.length;
    return { total, passed: this.#passed, skipped: 0, failed: this.#failed };
  }
}

/** Values at a path, through lists. */
function valuesAt(value: unknown, path: string): unknown[] {
  const [first, ...rest] = path.split('.');
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, path));
  if (first === undefined || typeof value !== 'object' || value === null) return [];
  const inner = (value as Body)[first];
  if (inner === undefined) return [];
  return rest.length > 0 ? valuesAt(inner, rest.join('.')) : [inner].flat();
}
