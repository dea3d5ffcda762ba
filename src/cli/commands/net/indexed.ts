import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { openPacketIndex, packetIndexFolder } from '../../../case/capture-indexing.ts';
import type { CaseService } from '../../../case/service.ts';
import type { PacketRun } from '../../../collect/packet-index.ts';
import type { FlowFacts } from '../../../collect/source.ts';
import { withCase, type GlobalOptions } from '../../context.ts';
import type { Terminal } from '../../terminal.ts';

/** Connections that are looked through; beyond, reading the capture costs no more. */
const maxConnections = 500_000;
const timeoutMs = 60_000;

export interface IndexedPackets {
  readonly connections: number;
  readonly runs: Iterable<PacketRun>;
}

/**
 * Where the packets of connections (of these ids, where any are given) of a capture stand, when the case has read the capture and the file is as it was then. Undefined when
 * the capture must be read whole: unknown to the case, changed, compressed, or with tunnels in it.
 */
export async function findIndexed(
  path: string,
  ids: readonly string[],
  choose: (flow: FlowFacts) => boolean,
  options: GlobalOptions,
  terminal: Terminal,
): Promise<IndexedPackets | undefined> {
  const capture = resolve(path);
  if (!existsSync(packetIndexFolder(resolve(options.case)))) return undefined;
  return withCase(options, terminal, async (service) => {
    const columns = 'evidence_id, content_sha256';
    const [evidence] = await rows(service, `SELECT ${columns} FROM evidence WHERE path = ${literal(capture)}`, 1);
    if (evidence === undefined) return undefined;
    const known = { id: Number(evidence[0]), path: capture, sha256: String(evidence[1]) };
    const index = openPacketIndex(resolve(options.case), known);
    if (index === undefined) return undefined;
    const chosen = await connectionsOf(service, known.id, ids, choose);
    return chosen === undefined ? undefined : { connections: chosen.size, runs: index.runs(capture, chosen) };
  });
}

/** First packets of the chosen connections; undefined when there are too many to look through. */
async function connectionsOf(
  service: CaseService,
  evidenceId: number,
  ids: readonly string[],
  choose: (flow: FlowFacts) => boolean,
): Promise<Set<number> | undefined> {
  const columns =
    'evidence_at, uid, network_community_id, network_transport, source_ip, source_port, destination_ip, destination_port';
  const list = ids.map(literal).join(', ');
  const named = ids.length === 0 ? '' : ` AND (uid IN (${list}) OR network_community_id IN (${list}))`;
  const sql = `SELECT ${columns} FROM flow WHERE evidence_id = ${evidenceId}${named}`;
  const found = await rows(service, sql, maxConnections);
  if (found.length === maxConnections) return undefined;
  const chosen = found.filter(([, uid, communityId, transport, sourceIp, sourcePort, destinationIp, destinationPort]) =>
    choose({
      uid: String(uid),
      communityId: String(communityId),
      transport: String(transport),
      sourceIp: String(sourceIp),
      sourcePort: Number(sourcePort),
      destinationIp: String(destinationIp),
      destinationPort: Number(destinationPort),
    }),
  );
  return new Set(chosen.map(([packet]) => Number(packet)));
}

async function rows(service: CaseService, sql: string, maxRows: number) {
  return (await service.query({ sql, timeoutMs, maxRows }, {})).rows;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
