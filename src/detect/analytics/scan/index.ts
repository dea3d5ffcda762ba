import { z } from 'zod';
import { formatDuration } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { LocalNetworks } from '../../../base/networks.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointersOf, severityOf, textsOf } from '../../make-finding.ts';
import type { ReadStore, SqlRow } from '../../../store/store.ts';
import { arpScans, dhcpScans, flowScans, icmpScans, maxScans, scanFlows } from './queries.ts';

const settings = z.strictObject({
  min_hosts: z
    .number()
    .int()
    .min(2)
    .default(5)
    .describe('Unanswered machines on one port from which a horizontal scan is told.'),
  min_ports: z
    .number()
    .int()
    .min(2)
    .default(15)
    .describe('Unanswered ports of one machine from which a vertical scan is told.'),
  min_icmp_hosts: z
    .number()
    .int()
    .min(2)
    .default(10)
    .describe('Machines sent ICMP requests from which an ICMP scan is told.'),
  min_arp_hosts: z
    .number()
    .int()
    .min(2)
    .default(15)
    .describe('Addresses asked for by ARP within an hour from which an ARP scan is told.'),
  min_dhcp_addresses: z
    .number()
    .int()
    .min(2)
    .default(5)
    .describe('Addresses asked for by one client within an hour from which a DHCP scan is told.'),
});

type ScanKind = 'horizontal' | 'vertical' | 'icmp' | 'arp' | 'dhcp';

const words: Readonly<
  Record<ScanKind, { title: (row: SqlRow) => string; what: string; unit: string; attack: string }>
> = {
  horizontal: {
    title: (row) => `horizontal scan of port ${String(row['port'])}/${String(row['transport'])}`,
    what: 'machines that did not answer',
    unit: 'machines',
    attack: 'T1046',
  },
  vertical: {
    title: (row) => `vertical scan of ${String(row['target'])}`,
    what: 'ports that did not answer',
    unit: 'ports',
    attack: 'T1046',
  },
  icmp: { title: () => 'ICMP scan', what: 'machines sent ICMP requests', unit: 'machines', attack: 'T1018' },
  arp: { title: () => 'ARP scan', what: 'addresses asked for', unit: 'addresses', attack: 'T1018' },
  dhcp: { title: () => 'DHCP scan', what: 'addresses asked for', unit: 'addresses', attack: 'T1018' },
};

export const analytic = defineAnalytic({
  id: 'scan',
  title: 'Scans',
  description:
    'Machines that look for others: many machines on one port (horizontal), many ports of one machine (vertical), ICMP and ARP sweeps, and DHCP clients that ask for address after address. Only what was not answered counts, so that a browser, a monitoring server or a mail server is none. A scan that comes from outside is the weather of the internet: it is told as info, or as low when some of its ports answered.',
  reads: ['flow', 'dhcp', 'device'],
  countsCalls: true,
  attack: ['T1046', 'T1018', 'T1595.001'],
  guide: ['B12', 'B25', 'C17'],
  references: ['https://attack.mitre.org/techniques/T1046/'],
  settings,
  async *run({ store, timeCondition, networks, settings: bounds, notChecked }) {
    const m = store.macros;
    const flowBounds = { hosts: bounds.min_hosts, ports: bounds.min_ports };
    const found = await store.query(flowScans(m, timeCondition, flowBounds));
    // The bound stands inside of the question, where nobody else sees that it was reached.
    for (const kind of ['horizontal', 'vertical']) {
      if (found.filter((row) => row['kind'] === kind).length < maxScans) continue;
      notChecked(`more than ${maxScans} ${kind} scans: those of the most targets are told`);
    }
    for (const row of found) {
      const kind = row['kind'] === 'vertical' ? 'vertical' : 'horizontal';
      const fixed = kind === 'vertical' ? verticalKeys : horizontalKeys;
      yield judge(kind, { ...row, ...(await pointersTo(store, timeCondition, row, fixed)) }, networks);
    }
    for (const row of await store.query(icmpScans(m, timeCondition, bounds.min_icmp_hosts))) {
      yield judge('icmp', { ...row, ...(await pointersTo(store, timeCondition, row, icmpKeys)) }, networks);
    }
    const ofRecords: readonly (readonly [ScanKind, string])[] = [
      ['arp', arpScans(m, timeCondition, bounds.min_arp_hosts)],
      ['dhcp', dhcpScans(m, timeCondition, bounds.min_dhcp_addresses)],
    ];
    for (const [kind, sql] of ofRecords) {
      for (const row of await store.query(sql)) yield judge(kind, row, networks);
    }
  },
});

/** Columns of a flow that a scan has in common, and what they are called in its row. */
const horizontalKeys = { destination_port: 'port', network_transport: 'transport' };
const verticalKeys = { destination_ip: 'target', network_transport: 'transport' };
const icmpKeys = { network_transport: 'transport' };

async function pointersTo(
  store: ReadStore,
  timeCondition: string,
  row: SqlRow,
  keys: Readonly<Record<string, string>>,
): Promise<SqlRow> {
  const sql = scanFlows(store.macros, timeCondition, Object.keys(keys), keys !== icmpKeys);
  const values = Object.values(keys).map((column) => row[column] as string | number);
  const [found] = await store.query(sql, [String(row['source']), ...values]);
  return found ?? {};
}

function judge(kind: ScanKind, row: SqlRow, networks: LocalNetworks): Finding {
  const source = String(row['source']);
  const isOurs = networks.isLocal(source);
  const targets = Number(row['targets']);
  const answered = Number(row['answered'] ?? 0);
  const { title, what, unit, attack } = words[kind];
  // Ten times the number of targets is one step of strength; a scan by itself never passes 0.69.
  const breadth = Math.min(0.69, 0.3 + 0.15 * Math.log10(Math.max(1, targets / 5)));
  const fromOutside = answered > 0 ? 0.2 : 0.1;
  const score = isOurs ? breadth : fromOutside;
  const reasons: Reason[] = [
    { what, value: String(targets), weight: breadth },
    ...(answered > 0 ? [{ what: `${unit} that answered`, value: String(answered) }] : []),
    { what: 'within', value: formatDuration(Number(row['last']) - Number(row['first'])) },
    ...(isOurs ? [] : [{ what: 'comes from outside', value: source, weight: score - breadth }]),
  ];
  return makeFinding({
    about: [kind, source, String(row['port'] ?? ''), String(row['target'] ?? ''), String(row['transport'] ?? '')],
    detector: 'analytics/scan',
    title: `${title(row)} by ${source}`,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: entitiesOf(row, source, isOurs, networks),
    attack: [isOurs ? attack : 'T1595.001'],
    reasons,
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: `the ${unit} answer, or fewer of them are tried`,
    next: isOurs
      ? `find the process on ${source} that scans, and whether it is a scanner with permission`
      : 'nothing, unless a port that answered should not be open',
  });
}

function entitiesOf(row: SqlRow, source: string, isOurs: boolean, networks: LocalNetworks): Entity[] {
  const entities: Entity[] = [{ kind: isOurs ? 'host' : 'address', value: source }];
  const target = row['target'];
  if (typeof target === 'string') entities.push({ kind: networks.isLocal(target) ? 'host' : 'address', value: target });
  for (const mac of textsOf(row['macs'])) entities.push({ kind: 'device', value: mac });
  return entities;
}
