import type { VakthundEvent } from '../../../events/event.ts';
import { seenWith } from '../../../inspect/probe/known-fingerprints.ts';
import type { ExitCode } from '../../command.ts';
import { rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';
import { decodeCapture, findCaptures } from './captures.ts';
import { readKeyLogs } from './key-log.ts';

/** A fingerprint with what it was seen with. */
interface Fingerprint {
  readonly kind: 'ja3' | 'ja3s' | 'ja4' | 'hassh' | 'hassh_server';
  readonly value: string;
  /** Handshakes. */
  count: number;
  readonly clients: Set<string>;
  readonly servers: Set<string>;
  /** Names asked for, and software that named itself. */
  readonly names: Set<string>;
}

/** Sets of a fingerprint grow no further: a scan meets any number of servers. */
const maxRemembered = 1000;

/** Prints the TLS, QUIC and SSH fingerprints of captures, the most frequent first. */
export async function printFingerprints(
  paths: readonly string[],
  keyLogs: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const secrets = await readKeyLogs(keyLogs);
  const found = new Map<string, Fingerprint>();
  for await (const capture of findCaptures(paths, terminal)) {
    for await (const events of decodeCapture(capture, secrets, terminal)) {
      for (const event of events) see(event, found);
    }
  }
  const list = [...found.values()].sort((a, b) => b.count - a.count || a.kind.localeCompare(b.kind));
  if (terminal.json) {
    const fingerprints = list.map(({ kind, value, count, clients, servers, names }) => ({
      kind,
      value,
      count,
      clients: [...clients].sort(),
      servers: [...servers].sort(),
      names: [...names].sort(),
      ...(seenWith(kind, value) === undefined ? {} : { seen_with: seenWith(kind, value) }),
    }));
    terminal.out(`${JSON.stringify({ fingerprints }, null, 1)}\n`);
    return 0;
  }
  const rows = list.map(({ kind, value, count, clients, servers, names }) => [
    kind,
    value,
    count,
    clients.size,
    servers.size,
    [...names].slice(0, 3).join(', '),
    seenWith(kind, value) ?? '',
  ]);
  const columns = ['kind', 'fingerprint', 'handshakes', 'clients', 'servers', 'names', 'seen with'].map((name) => ({
    name,
    type: /handshakes|clients|servers/.test(name) ? 'BIGINT' : 'VARCHAR',
  }));
  terminal.out(rowsAsTable({ columns, rows, isCut: false }, Math.max(terminal.width, 120)));
  return 0;
}

function see(event: VakthundEvent, found: Map<string, Fingerprint>): void {
  // A QUIC connection says the hellos of its event again: they are those of the TLS event beside it.
  if (event.kind === 'tls') {
    const name = event.tls_client_server_name;
    add(found, 'ja3', event.tls_client_ja3, event, name);
    add(found, 'ja3s', event.tls_server_ja3s, event, name);
    add(found, 'ja4', event.tls_client_ja4, event, name);
  } else if (event.kind === 'ssh') {
    add(found, 'hassh', event.ssh_hassh, event, event.ssh_client);
    add(found, 'hassh_server', event.ssh_hassh_server, event, event.ssh_server);
  }
}

function add(
  found: Map<string, Fingerprint>,
  kind: Fingerprint['kind'],
  value: string | null,
  ends: { readonly source_ip: string | null; readonly destination_ip: string | null },
  name: string | null,
): void {
  if (value === null || value === '') return;
  const key = `${kind} ${value}`;
  const known = found.get(key) ?? { kind, value, count: 0, clients: new Set(), servers: new Set(), names: new Set() };
  found.set(key, known);
  known.count++;
  remember(known.clients, ends.source_ip);
  remember(known.servers, ends.destination_ip);
  remember(known.names, name);
}

function remember(set: Set<string>, value: string | null): void {
  if (value !== null && set.size < maxRemembered) set.add(value);
}
