import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventRow } from '../../../src/events/event.ts';
import { severityRank, type Finding } from '../../../src/events/finding.ts';
import type { Incident } from '../../../src/events/incident.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { judge as judgeCase } from './network-expectations/investigate.ts';
import { decodeCapture } from './pcap-captures/decode.ts';

/**
 * Captures of one attack each, and benign ones, made in network namespaces (`network/generated`, with a list of what is in
 * them). The packets must give the DNS names, the connections and the bytes that were counted when they were made, and a whole
 * case must find something about the named hosts or domains in malicious ones, name them in its first incident, and find nothing in
 * benign ones.
 */
export const suite: Suite = { id: 'network/generated', run };

interface Entry {
  readonly file: string;
  readonly label: string;
  readonly what?: string;
  readonly domain?: string;
  readonly client?: string;
  readonly payload_bytes_out?: number;
  readonly dns_features?: Readonly<Record<string, { readonly queries: number; readonly unique_names: number }>>;
  readonly rita_oracle_ip_beacons?: readonly {
    readonly src: string;
    readonly dst: string;
    readonly connections: number;
  }[];
}

/** Uploads repeat a few bytes of a greeting, and the last segment may be cut: one part in a thousand. */
const byteTolerance = 0.001;

async function run(corpus: string): Promise<SuiteResult> {
  const folder = join(corpus, 'network', 'generated');
  const list = join(folder, 'expected.json');
  const entries = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as readonly Entry[]) : [];
  const judge = new Judge();
  for (const entry of entries.filter(({ file }) => existsSync(join(folder, file)))) {
    const path = join(folder, entry.file);
    const { events } = await decodeCapture(path, 'auto');
    judge.names(entry, events);
    judge.connections(entry, events);
    judge.bytes(entry, events);
    const { findings, incidents } = await judgeCase(path);
    judge.findings(entry, findings);
    judge.firstIncident(entry, incidents);
  }
  return judge.result();
}

class Judge {
  #passed = 0;
  readonly #failed: SuiteFailure[] = [];

  names({ file, dns_features: features = {} }: Entry, events: readonly EventRow[]): void {
    for (const [domain, { queries, unique_names: uniqueNames }] of Object.entries(features)) {
      const names = events
        .filter(({ kind }) => kind === 'dns')
        .map((event) => String(event['dns_question_name']))
        .filter((name) => name === domain || name.endsWith(`.${domain}`));
      this.#check(`${file}: unique names below ${domain}`, new Set(names).size, uniqueNames);
      this.#check(`${file}: queries below ${domain}`, names.length, queries);
    }
  }

  connections({ file, rita_oracle_ip_beacons: pairs = [] }: Entry, events: readonly EventRow[]): void {
    for (const { src, dst, connections } of pairs) {
      const flows = events.filter(
        (event) => event['kind'] === 'flow' && event['source_ip'] === src && event['destination_ip'] === dst,
      );
      this.#check(`${file}: connections ${src} to ${dst}`, flows.length, connections);
    }
  }

  bytes({ file, what = '', payload_bytes_out: wanted }: Entry, events: readonly EventRow[]): void {
    if (wanted === undefined) return;
    const [source, destination] = addressesIn(what);
    const sent = events
      .filter((event) => event['source_ip'] === source && event['destination_ip'] === destination)
      .reduce((sum, event) => sum + Number(event['source_payload_bytes'] ?? 0), 0);
    const isRight = Math.abs(sent - wanted) <= wanted * byteTolerance;
    this.#check(`${file}: bytes ${source} to ${destination}`, isRight ? wanted : sent, wanted);
  }

  findings(entry: Entry, findings: readonly Finding[]): void {
    const told = findings.filter(({ severity }) => severityRank(severity) >= severityRank('low'));
    if (!entry.label.startsWith('MALICIOUS')) {
      this.#check(`${entry.file} (${entry.label})`, told.map(({ title }) => title).join('; '), '');
      return;
    }
    const named = namesIn(entry);
    const fitting = told.filter(({ entities }) => entities.some(({ value }) => named.includes(value)));
    this.#check(`${entry.file} (${entry.label})`, fitting.length > 0 ? 'found' : 'nothing about it', 'found');
  }

  /** What the capture was made for comes before everything else. */
  firstIncident(entry: Entry, incidents: readonly Incident[]): void {
    if (!entry.label.startsWith('MALICIOUS')) return;
    const [first] = incidents;
    const isNamed = first?.entities.some(({ value }) => namesIn(entry).includes(value)) === true;
    const got = first === undefined ? 'no incident' : first.title;
    this.#check(`${entry.file}: first incident`, isNamed ? 'about it' : got, 'about it');
  }

  result(): SuiteResult {
    const total = this.#passed + this.#failed.length;
    return { total, passed: this.#passed, skipped: 0, failed: this.#failed };
  }

  #check(name: string, got: string | number, want: string | number): void {
    if (got === want) this.#passed++;
    else this.#failed.push({ case: name, got: String(got), want: String(want) });
  }
}

/** Hosts and domains that the attack is about. */
function namesIn({ domain, client, what = '', label }: Entry): (string | undefined)[] {
  return [domain, client, ...addressesIn(what), ...addressesIn(label)];
}

function addressesIn(text: string): string[] {
  return text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? [];
}
