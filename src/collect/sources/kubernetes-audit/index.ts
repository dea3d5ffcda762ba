import { firstRecordKeys } from '../../json-keys.ts';
import { decodeJsonLines } from '../../json-lines.ts';
import { defineSource, type Detection } from '../../source.ts';
import { decoder } from './decode.ts';

export const source = defineSource({
  id: 'kubernetes-audit',
  title: 'Kubernetes audit log',
  description:
    'Audit events of a Kubernetes API server (`audit.k8s.io`, all versions), one on a line or in an `EventList` as the ' +
    'webhook sends them: who asked for what, from where, and what came of it. Each is a log record with the user, the ' +
    'address and a sentence; objects and answers stay in `fields`. Rules of Falco for `k8s_audit` read such logs by ' +
    '`vakthund rules run`.',
  references: ['https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/'],
  guide: ['C15', 'C21'],
  emits: ['log'],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => decoder),
});

const versionText = /"apiVersion"\s*:\s*"audit\.k8s\.io\//;

function detect(_name: string, head: Uint8Array): Detection {
  const isEvent = firstRecordKeys(head).some(
    (keys) =>
      (keys.has('auditID') && (keys.has('verb') || keys.has('stage'))) || (keys.has('kind') && keys.has('items')),
  );
  const isAudit = versionText.test(Buffer.from(head).toString('latin1'));
  return isEvent && isAudit ? 'certain' : undefined;
}
