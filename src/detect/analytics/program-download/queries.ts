import { pointerColumns } from '../../make-finding.ts';
import type { Macros } from '../../../store/macros.ts';

/** Downloads that are judged. */
const maxDownloads = 2000;

/** Types of programs by content: MIME types as Zeek and we tell them, and the words of libmagic in EVE. */
const programTypes: readonly string[] = [
  'x-dosexec',
  'portable-executable',
  'x-executable',
  'x-pie-executable',
  'x-sharedlib',
  'x-mach',
  'x-elf',
  'x-msi',
  'pe32',
  'elf 64',
  'elf 32',
  'mach-o',
];

/**
 * Programs that machines of ours fetched from outside in the clear, by machine, host and path. What HTTP tells of the
 * request is taken from its own record where the file's does not hold it.
 */
export function programs(m: Macros, timeCondition: string): string {
  const isProgram = programTypes.map((type) => m.contains('lower(file_mime_type)', `'${type}'`)).join(' OR ');
  return `WITH file AS (
  SELECT * FROM file_transfer WHERE (${isProgram}) AND coalesce(file_from_source, FALSE) = FALSE
    AND source_ip IS NOT NULL AND ${m.isLocal('source_ip')} AND NOT ${m.isLocal('destination_ip')} AND ${timeCondition}),
request AS (SELECT * FROM http WHERE uid IN (SELECT uid FROM file)),
fetched AS (
  SELECT f.source_ip AS source, f.destination_ip AS destination, f.time, f.evidence_id, f.evidence_at, f.file_size, f.file_mime_type,
    f.file_name, f.file_hash_sha256, coalesce(f.url_domain, r.url_domain, f.destination_ip) AS host,
    split_part(coalesce(f.url_original, r.url_original, ''), '?', 1) AS path, r.user_agent_original AS agent, r.uid IS NOT NULL AS has_request
  FROM file f LEFT JOIN request r ON r.uid = f.uid AND (f.file_uid IS NULL OR ${m.listHas('r.file_uids', 'f.file_uid')})),
use AS (
  SELECT url_domain AS host, ${m.countDistinct('source_ip')} AS users FROM http
  WHERE url_domain IN (SELECT host FROM fetched) GROUP BY url_domain)
SELECT source, destination, fetched.host AS host, path, ${m.anyOf('file_mime_type')} AS type, ${m.anyOf('file_name')} AS name,
  ${m.anyOf('file_hash_sha256')} AS sha256, max(file_size) AS size, ${m.anyOf('agent')} AS agent, max(has_request) AS has_request,
  max(coalesce(users, 1)) AS users, count(*) AS n, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
FROM fetched LEFT JOIN use ON use.host = fetched.host
GROUP BY source, destination, fetched.host, path ORDER BY first, source, path LIMIT ${maxDownloads}`;
}
