import type { Entity } from '../../../events/entity.ts';
import type { EvidencePointer, Finding, Reason, Severity } from '../../../events/finding.ts';
import { makeFinding, severityOf } from '../../make-finding.ts';
import type { Server } from './server.ts';

export function toFinding(
  server: Server,
  judged: { readonly score: number; readonly reasons: readonly Reason[] },
  evidence: readonly EvidencePointer[],
): Finding {
  const { source, destination, port, name, calls, subject, issuer, fingerprint } = server;
  const isOwn = subject !== undefined && subject === issuer;
  const entities: Entity[] = [
    { kind: 'host', value: source },
    { kind: 'address', value: destination },
  ];
  if (name !== undefined) entities.push({ kind: 'domain', value: name });
  if (fingerprint !== undefined) entities.push({ kind: 'tls-fingerprint', value: fingerprint });
  return makeFinding({
    about: [source, destination, String(port)],
    detector: 'analytics/tls-oddity',
    title: `${source} speaks TLS with ${name ?? destination}, whose certificate ${isOwn ? 'it made itself' : 'stands for nothing'}`,
    sentence: `${source} spoke TLS with ${name ?? destination}, an odd server`,
    severity: severity(judged.score),
    score: judged.score,
    first_seen: server.first,
    last_seen: server.last,
    entities,
    attack: isOwn ? ['T1573.002', 'T1587.003'] : ['T1573.002'],
    reasons: [...judged.reasons, { what: 'certificate', value: subject ?? 'not seen' }],
    evidence,
    count: calls,
    vanishes: 'the server shows a valid certificate of a known authority for its name, or many machines here use it',
    next: `find out whose server ${destination} is, and which program on ${source} talks to it`,
  });
}

/** An odd certificate is never more than a hint: what the connection does decides. */
function severity(score: number): Severity {
  return score >= 0.45 ? 'medium' : severityOf(score);
}
