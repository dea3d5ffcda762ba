import { defineEnricher } from '../../enricher.ts';
import { createIdentities } from '../../assets/identities.ts';
import type { EnrichStore } from '../../../store/store.ts';

type Row = Parameters<EnrichStore['insert']>[1][number];

/** Identities written at a time. */
const batchRows = 50_000;

export const enricher = defineEnricher({
  id: 'assets',
  title: 'Assets',
  description:
    "The organisation's own list of machines, people and networks (`assets` in the settings), and which address, name or account in the evidence is which of them: by what the list says, by a hardware address that had the address, by a name that it had, or by the network that holds it.",
  reads: [],
  fills: ['asset', 'identity'],
  needs: ['address'],
  async run({ store, assets }) {
    await store.derive(['DELETE FROM asset', 'DELETE FROM identity']);
    if (assets.length === 0) return;
    await store.insert(
      'asset',
      assets.map(({ kind, name, owner, role, criticality, zone }) => ({ kind, name, owner, role, criticality, zone })),
    );
    const identities = createIdentities(assets);
    let rows: Row[] = [];
    for (const asset of assets) {
      if (asset.kind === 'network') continue;
      for (const value of asset.also) {
        if (identities.listed(asset.kind, value) !== asset) continue;
        rows.push({ kind: asset.kind, value, name: asset.name, asset_kind: asset.kind, recognised_by: 'list' });
      }
    }
    for (const { ip, mac, names } of await localAddresses(store)) {
      const found = identities.recognise({ ip, mac, names });
      if (found === undefined || found.by === 'list') continue;
      rows.push({
        kind: 'host',
        value: ip,
        name: found.asset.name,
        asset_kind: found.asset.kind,
        recognised_by: found.by,
      });
      if (rows.length < batchRows) continue;
      await store.insert('identity', rows);
      rows = [];
    }
    await store.insert('identity', rows);
  },
});

/** Addresses past these are a sweep through a network, not machines. */
const maxAddresses = 1_000_000;

async function localAddresses(
  store: EnrichStore,
): Promise<{ readonly ip: string; readonly mac: string | null; readonly names: readonly string[] }[]> {
  const rows = await store.query(
    `SELECT ip, mac, names FROM address WHERE is_local AND NOT is_group ORDER BY ip LIMIT ${maxAddresses}`,
  );
  return rows.map((row) => ({
    ip: String(row['ip']),
    mac: row['mac'] === null || row['mac'] === undefined ? null : String(row['mac']),
    names: Array.isArray(row['names']) ? row['names'].map(String) : [],
  }));
}
