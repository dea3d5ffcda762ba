import type { Entity } from '../events/entity.ts';
import type { Finding } from '../events/finding.ts';
import type { SqlRow, Store } from '../store/store.ts';
import { lookUp } from './look-up.ts';

/** An asset as the store holds it. */
export interface KnownAsset {
  readonly name: string;
  readonly owner: string | null;
  readonly role: string | null;
  readonly criticality: number | null;
  readonly zone: string | null;
  /** True for a machine that is only known by the network that holds it. */
  readonly isNetwork: boolean;
}

/** What the organisation's own list says of the machines and people in findings. */
export interface Organisation {
  /** By a name, address or account as a finding has it. */
  asset(kind: 'host' | 'user', value: string): KnownAsset | undefined;
  /** Other names and addresses of the same machine or person. */
  alsoKnownAs(kind: 'host' | 'user', value: string): readonly string[];
}

/** Identities that are read of one asset. */
const maxNames = 64;

export async function organisationOf(store: Store, findings: readonly Finding[]): Promise<Organisation> {
  const entities = findings.flatMap((finding) => finding.entities);
  const values = [...new Set(entities.filter(isOurs).map(({ value }) => value.toLowerCase()))];
  const found = await lookUp(store, 'SELECT kind, value, name, asset_kind FROM identity WHERE value IN', values);
  const names = [...new Set(found.map((row) => String(row['name'])))];
  const assets = new Map<string, KnownAsset>();
  for (const row of await lookUp(store, 'SELECT * FROM asset WHERE name IN', names)) {
    const key = `${String(row['kind'])} ${String(row['name'])}`;
    if (!assets.has(key)) assets.set(key, toAsset(row));
  }
  const assetKeys = new Map<string, string>();
  for (const row of found) {
    assetKeys.set(
      `${String(row['kind'])} ${String(row['value'])}`,
      `${String(row['asset_kind'])} ${String(row['name'])}`,
    );
  }
  const others = new Map<string, string[]>();
  const identities = await lookUp(
    store,
    "SELECT asset_kind, name, value FROM identity WHERE asset_kind <> 'network' AND name IN",
    names,
    'ORDER BY value',
  );
  for (const row of identities) {
    const key = `${String(row['asset_kind'])} ${String(row['name'])}`;
    const list = others.get(key) ?? [];
    if (list.length < maxNames) others.set(key, [...list, String(row['value'])]);
  }
  const keyOf = (kind: string, value: string): string => assetKeys.get(`${kind} ${value.toLowerCase()}`) ?? '';
  return {
    asset: (kind, value) => assets.get(keyOf(kind, value)),
    alsoKnownAs: (kind, value) => others.get(keyOf(kind, value)) ?? [],
  };
}

function isOurs({ kind }: Entity): boolean {
  return kind === 'host' || kind === 'address' || kind === 'user';
}

function toAsset(row: SqlRow): KnownAsset {
  const text = (column: string): string | null => (typeof row[column] === 'string' ? row[column] : null);
  return {
    name: String(row['name']),
    owner: text('owner'),
    role: text('role'),
    criticality: typeof row['criticality'] === 'number' ? row['criticality'] : null,
    zone: text('zone'),
    isNetwork: row['kind'] === 'network',
  };
}
