import type { Entity } from '../events/entity.ts';
import type { Incident } from '../events/incident.ts';
import type { SqlRow, Store } from '../store/store.ts';
import { lookUp } from './look-up.ts';
import type { KnownAsset, Organisation } from './organisation.ts';

/** Says beside each entity of the incidents who it is: the asset and its owner, the network and country, the maker of a device. */
export async function tellWho(
  store: Store,
  incidents: readonly Incident[],
  organisation: Organisation,
): Promise<Incident[]> {
  const entities = incidents.flatMap((incident) => incident.entities);
  const valuesOf = (kind: Entity['kind']): string[] => [
    ...new Set(entities.filter((entity) => entity.kind === kind).map(({ value }) => value)),
  ];
  const networks = await textsBy(store, networkOf, 'SELECT ip AS key, * FROM network WHERE ip IN', valuesOf('address'));
  const domains = await textsBy(store, networkOf, domainNetworks, valuesOf('domain'));
  const makers = await textsBy(
    store,
    (row) => String(row['vendor']),
    'SELECT mac AS key, vendor FROM hardware WHERE mac IN',
    valuesOf('device').map((mac) => mac.toLowerCase()),
  );
  const about = ({ kind, value }: Entity): string | undefined => {
    if (kind === 'address') return networks.get(value) ?? assetText(organisation.asset('host', value), value);
    if (kind === 'domain') return domains.get(value);
    if (kind === 'device') return makers.get(value.toLowerCase());
    return kind === 'host' || kind === 'user' ? assetText(organisation.asset(kind, value), value) : undefined;
  };
  return incidents.map((incident) => ({
    ...incident,
    entities: incident.entities.map((entity) => {
      const text = about(entity);
      return text === undefined ? entity : { ...entity, about: text };
    }),
  }));
}

/** The network of the address that a name resolved to most often. */
const domainNetworks = `SELECT * FROM (
  SELECT name AS key, asn, organisation, country, row_number() OVER (PARTITION BY name ORDER BY n DESC, network.ip) AS nth
  FROM (SELECT name, ip, count(*) AS n
    FROM (SELECT dns_question_name AS name, unnest(dns_resolved_ip) AS ip FROM dns WHERE dns_resolved_ip IS NOT NULL) AS answer
    GROUP BY ALL) AS resolved JOIN network USING (ip)) AS best
WHERE nth = 1 AND key IN`;

async function textsBy(
  store: Store,
  textOf: (row: SqlRow) => string,
  sql: string,
  values: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await lookUp(store, sql, values);
  return new Map(rows.map((row) => [String(row['key']), textOf(row)]));
}

/** `AS64500 Example Ltd, NL`, as far as it is known. */
function networkOf(row: SqlRow): string {
  const { asn, organisation, country } = row;
  const parts = [asn === null ? '' : `AS${String(asn)} ${String(organisation ?? '')}`.trim(), String(country ?? '')];
  return parts.filter((part) => part !== '').join(', ');
}

/** `web01: payment server, owner Anna, critical, zone dmz`, as far as the list says. */
function assetText(asset: KnownAsset | undefined, value: string): string | undefined {
  if (asset === undefined) return undefined;
  const facts = [
    asset.role,
    asset.owner === null ? null : `owner ${asset.owner}`,
    asset.criticality === null ? null : `criticality ${asset.criticality}`,
    asset.zone === null ? null : `zone ${asset.zone}`,
  ].filter((fact) => fact !== null);
  const name = asset.isNetwork || asset.name.toLowerCase() === value.toLowerCase() ? '' : `${asset.name}: `;
  const text = `${name}${facts.join(', ')}`.replace(/: $/, '');
  return text === '' ? undefined : text;
}
