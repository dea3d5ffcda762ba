import { defineEnricher } from '../../enricher.ts';
import { dnsClient } from '../../dns-client.ts';

/** What is counted: its kind, the events it stands in, the expression for it, and the one for the host that showed it. */
const things: readonly (readonly [kind: string, from: string, value: string, host: string])[] = [
  ['ja3', 'tls', 'tls_client_ja3', 'source_ip'],
  ['ja3', 'quic', 'tls_client_ja3', 'source_ip'],
  ['ja3s', 'tls', 'tls_server_ja3s', 'source_ip'],
  ['ja4', 'tls', 'tls_client_ja4', 'source_ip'],
  ['ja4', 'quic', 'tls_client_ja4', 'source_ip'],
  ['hassh', 'ssh', 'ssh_hassh', 'source_ip'],
  ['user-agent', 'http', 'user_agent_original', 'source_ip'],
  ['executable', 'process', 'process_executable', hostOf()],
  ['command', 'process', 'process_command_line', hostOf()],
  ['file', 'file_access', 'file_path', hostOf()],
  ['file-hash', 'file_transfer', 'coalesce(file_hash_sha256, file_hash_sha1, file_hash_md5)', 'destination_ip'],
  ['file-hash', 'process', 'process_hash_sha256', hostOf()],
  ['parent-child', 'process', "process_parent_executable || ' > ' || process_executable", hostOf()],
];

/** A host's records may not name it; its evidence then stands for it. */
function hostOf(): string {
  return "coalesce(host_name, 'evidence ' || evidence_id)";
}

export const enricher = defineEnricher({
  id: 'prevalence',
  title: 'Prevalence',
  description:
    'How many hosts showed each fingerprint, user agent, executable, command, file, file hash, parent and child, and registered domain, how often, and since when.',
  reads: ['tls', 'quic', 'ssh', 'http', 'process', 'file_access', 'file_transfer', 'dns'],
  fills: ['prevalence'],
  needs: ['domain'],
  async run({ store }) {
    const parts = things.map(
      ([kind, from, value, host]) =>
        `SELECT '${kind}' AS kind, ${value} AS value, ${host} AS host, min(time) AS f, max(time) AS l, count(*) AS n FROM ${from} GROUP BY ALL`,
    );
    const domains = `SELECT 'registered-domain' AS kind, registered_domain AS value, source_ip AS host, min(time) AS f, max(time) AS l, count(*) AS n
      FROM (SELECT dns_question_name AS name, ${dnsClient} AS source_ip, time FROM dns
        UNION ALL SELECT tls_client_server_name, source_ip, time FROM tls
        UNION ALL SELECT url_domain, source_ip, time FROM http) JOIN domain USING (name) GROUP BY ALL`;
    await store.derive([
      'DELETE FROM prevalence',
      `INSERT INTO prevalence
       SELECT kind, value, min(f), max(l), count(DISTINCT host), sum(n)::BIGINT
       FROM (${[...parts, domains].join(' UNION ALL ')}) WHERE value IS NOT NULL AND value <> '' GROUP BY kind, value`,
    ]);
  },
});
