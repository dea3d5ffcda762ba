import { firstRecordKeys } from '../../json-keys.ts';
import { decodeJsonLines } from '../../json-lines.ts';
import { defineSource, type Detection } from '../../source.ts';
import { cloudOf } from './clouds.ts';
import { decoder } from './decode.ts';

export const source = defineSource({
  id: 'cloud-audit',
  title: 'Cloud trails',
  description:
    'Who did what in a cloud account: AWS CloudTrail (files with `Records`, and records one on a line), activity and sign-in ' +
    'logs of Azure and Entra ID, and audit logs of Google Cloud. Log-ins to consoles become sessions; every other call is a ' +
    'log record with the user, the address, the call and what came of it.',
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html',
    'https://learn.microsoft.com/en-us/azure/azure-monitor/essentials/activity-log-schema',
    'https://cloud.google.com/logging/docs/audit/understanding-audit-logs',
  ],
  guide: ['B04'],
  emits: ['user_session', 'log'],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => decoder),
});

/** A file of CloudTrail begins with its only key, before the keys of the first record. */
const recordsStart = /^\s*\{\s*"(?:Records|records)"\s*:\s*\[\s*(?<first>\{[\s\S]*)$/;

function detect(_name: string, head: Uint8Array): Detection {
  const list = recordsStart.exec(Buffer.from(head).toString('latin1'))?.groups?.['first'];
  const records = firstRecordKeys(list === undefined ? head : Buffer.from(list, 'latin1'));
  return records.some((keys) => cloudOf((key) => keys.has(key)) !== undefined) ? 'certain' : undefined;
}
