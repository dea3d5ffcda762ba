import { defineEnricher } from '../../enricher.ts';
import { dnsClient } from '../../dns-client.ts';
import { registeredDomain } from '../../../match/registered-domain.ts';
import type { EnrichStore } from '../../../store/store.ts';

/** Names looked up in the public suffix list at a time. */
const batchRows = 50_000;

export const enricher = defineEnricher({
  id: 'domains',
  title: 'Domains',
  description:
    'Every name of DNS questions, HTTP hosts and TLS or QUIC server names, with its registered domain by the public suffix list and how many clients asked for it.',
  reads: ['dns', 'http', 'tls', 'quic'],
  fills: ['domain'],
  needs: [],
  async run({ store }) {
    await store.derive(['DELETE FROM domain']);
    let rows: Parameters<EnrichStore['insert']>[1][number][] = [];
    for await (const chunk of store.scan(sightings)) {
      const names = chunk.texts(0);
      const [first, last, clients, events] = [1, 2, 3, 4].map((column) => chunk.numbers(column));
      for (const [index, name] of names.entries()) {
        if (name === null) continue;
        rows.push({
          name,
          registered_domain: registeredDomain(name),
          first_seen: first?.[index] ?? 0,
          last_seen: last?.[index] ?? 0,
          clients: clients?.[index] ?? 0,
          sightings: events?.[index] ?? 0,
        });
      }
      if (rows.length < batchRows) continue;
      await store.insert('domain', rows);
      rows = [];
    }
    await store.insert('domain', rows);
  },
});

const sightings = `
SELECT name, min(f) AS first_seen, max(l) AS last_seen, count(DISTINCT client) AS clients, sum(n)::BIGINT AS sightings FROM (
  SELECT dns_question_name AS name, ${dnsClient} AS client, count(*) AS n, min(time) AS f, max(time) AS l FROM dns GROUP BY ALL
  UNION ALL SELECT url_domain, source_ip, count(*), min(time), max(time) FROM http GROUP BY ALL
  UNION ALL SELECT tls_client_server_name, source_ip, count(*), min(time), max(time) FROM tls GROUP BY ALL
  UNION ALL SELECT tls_client_server_name, source_ip, count(*), min(time), max(time) FROM quic GROUP BY ALL)
WHERE name IS NOT NULL AND name <> '' GROUP BY name`;
