import { defineEnricher } from '../../enricher.ts';
import type { EnrichStore } from '../../../store/store.ts';
import { networkOwner } from './network-owners.ts';

/** Addresses written at a time. */
const batchRows = 50_000;

export const enricher = defineEnricher({
  id: 'networks',
  title: 'Networks',
  description:
    'Whose network each public address is in: number and name of the autonomous system that announces it, and the country that it is registered for, by tables that are shipped (`content/networks`) and asked without a network.',
  reads: [],
  fills: ['network'],
  needs: ['address'],
  async run({ store }) {
    await store.derive(['DELETE FROM network']);
    let rows: Parameters<EnrichStore['insert']>[1][number][] = [];
    for await (const chunk of store.scan('SELECT ip FROM address WHERE NOT is_local AND NOT is_group')) {
      for (const ip of chunk.texts(0)) {
        const owner = ip === null ? undefined : networkOwner(ip);
        if (owner !== undefined) rows.push({ ip, ...owner });
      }
      if (rows.length < batchRows) continue;
      await store.insert('network', rows);
      rows = [];
    }
    await store.insert('network', rows);
  },
});
