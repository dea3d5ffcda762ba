import { z } from 'zod';
import { formatBytes } from '../../../base/bytes.ts';
import { parseIp } from '../../../base/ip.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointersOf, severityOf } from '../../make-finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import { programs } from './queries.ts';
import { scoreDownload } from './score.ts';

const settings = z.strictObject({
  min_score: z.number().min(0).max(1).default(0.3).describe('Downloads below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'program-download',
  title: 'Programs fetched in the clear',
  description:
    'Programs, told by their content, that a machine fetched from outside by HTTP, FTP or another protocol in the clear. Weighs more when the path calls it a picture, a page or a document, when the host is an address, when no browser and no known updater asked for it, and when few machines here use the host.',
  reads: ['file_transfer'],
  apart: { file_transfer: "source_ip || ' ' || destination_ip" },
  attack: ['T1105', 'T1036.008', 'T1071.001'],
  guide: ['B02', 'B14', 'B22'],
  references: ['https://attack.mitre.org/techniques/T1105/', 'https://attack.mitre.org/techniques/T1036/008/'],
  settings,
  async *run({ store, timeCondition, settings: { min_score: leastScore } }) {
    const m = store.macros;
    const [network] = await store.query(
      `SELECT ${m.countDistinct('source_ip')} AS size FROM http WHERE ${m.isLocal('source_ip')}`,
    );
    for (const row of await store.query(programs(m, timeCondition))) {
      const finding = judge(row, Number(network?.['size'] ?? 0));
      if (finding.score >= leastScore) yield finding;
    }
  },
});

function judge(row: SqlRow, networkSize: number): Finding {
  const text = (column: string): string | undefined => {
    const value = row[column];
    return typeof value === 'string' ? value : undefined;
  };
  const [source, destination, host] = [String(row['source']), String(row['destination']), String(row['host'])];
  const name = text('name');
  const hasRequest = row['has_request'] === true;
  const download = {
    type: text('type') ?? '',
    host,
    path: text('path') ?? '',
    name,
    users: Number(row['users']),
    networkSize,
  };
  const { score, reasons, isDisguised } = scoreDownload({
    ...download,
    agent: hasRequest ? (text('agent') ?? '') : undefined,
  });
  const entities: Entity[] = [
    { kind: 'host', value: source },
    { kind: 'address', value: destination },
  ];
  if (host !== destination && parseIp(host) === undefined) entities.push({ kind: 'domain', value: host });
  const sha256 = text('sha256');
  if (sha256 !== undefined) entities.push({ kind: 'file-hash', value: sha256 });
  return makeFinding({
    about: [source, host, download.path],
    detector: 'analytics/program-download',
    title: `${source} fetched a program from ${host}${isDisguised ? `, called ${download.path.slice(-60)}` : ''}`,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities,
    attack: isDisguised ? ['T1105', 'T1036.008'] : ['T1105'],
    reasons: [
      ...reasons,
      { what: 'size', value: formatBytes(Number(row['size'] ?? 0)) },
      ...(name === undefined ? [] : [{ what: 'name', value: name }]),
    ],
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes:
      'it came over TLS or from a host that many machines here use, under a name of a program, asked for by an updater',
    next: `look whether ${source} ran it: processes started after that, and what they call`,
  });
}
