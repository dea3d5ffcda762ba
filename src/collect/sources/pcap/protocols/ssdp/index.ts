import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { asciiText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'ssdp',
  title: 'SSDP (UPnP)',
  description: 'Searches for devices and what devices say of themselves: kind, program, where their description lies.',
  references: ['https://openconnectivity.org/upnp-specs/UPnP-arch-DeviceArchitecture-v2.0-20200417.pdf'],
  emits: ['log'],
  service: 'ssdp',
  transports: ['udp'],
  ports: [1900],
  recognize: ({ orig, respPort }: FirstBytes): Recognition =>
    respPort === 1900 && startOf(orig) !== undefined ? 'match' : 'no',
  start: () => ({ attach: (context) => new SsdpConnection(context) }),
});

const maxRecords = 100;
const maxMessageBytes = 4096;
const startLine = /^(?:(?<method>M-SEARCH|NOTIFY) \* HTTP\/1\.[01]|HTTP\/1\.[01] (?<status>\d{3})[^\r\n]*)\r?\n/;

/** Headers that are kept, under their name in the record. */
const kept: ReadonlyMap<string, string> = new Map([
  ['ST', 'search_target'],
  ['NT', 'search_target'],
  ['NTS', 'notification'],
  ['USN', 'usn'],
  ['SERVER', 'server'],
  ['USER-AGENT', 'user_agent'],
  ['LOCATION', 'location'],
]);

class SsdpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  /** Messages come again and again: each text is told once. */
  readonly #told = new Set<string>();

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const start = startOf(bytes);
    if (start === undefined) {
      this.#context.violation('no SSDP message');
      return;
    }
    this.#context.confirm();
    const fields: Record<string, unknown> = { from_client: isOrig, ...start };
    for (const line of wireText(bytes.subarray(0, maxMessageBytes)).split('\n').slice(1)) {
      const colon = line.indexOf(':');
      const name = colon < 0 ? undefined : kept.get(line.slice(0, colon).trim().toUpperCase());
      if (name !== undefined) fields[name] = line.slice(colon + 1).trim();
    }
    const text = JSON.stringify(fields);
    if (this.#told.has(text)) return;
    if (this.#told.size < maxRecords) this.#told.add(text);
    this.#log.add('ssdp', fields);
  }
}

function startOf(bytes: Uint8Array): { method: string } | { status_code: number } | undefined {
  const groups = startLine.exec(asciiText(bytes, 0, Math.min(bytes.length, 200)))?.groups;
  const method = groups?.['method'];
  if (groups === undefined) return undefined;
  return method === undefined ? { status_code: Number(groups['status']) } : { method };
}
