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
    'address and a sentence; the whole record stays in `fields`. Rules of Falco for `k8s_audit` judge them.',
  references: ['https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/'],
  guide: ['C14', 'C15'],
  emits: ['log'],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => decoder),
});

const versionText = /"apiVersion"\s*:\s*"audit\.k8s\.io\//;

/** Records of old versions do not say theirs, but no other has an `auditID` beside a verb or a level. */
function detect(_name: string, head: Uint8Array): Detection {
  const records = firstRecordKeys(head);
  if (records.some((keys) => keys.has('auditID') && (keys.has('verb') || keys.has('level')))) return 'certain';
  const isList = records.some((keys) => keys.has('kind') && keys.has('items'));
  return isList && versionText.test(Buffer.from(head).toString('latin1')) ? 'certain' : undefined;
}
