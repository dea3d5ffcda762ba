import { firstRecordKeys } from '../../json-keys.ts';
import { decodeJsonLines } from '../../json-lines.ts';
import { defineSource, type Detection } from '../../source.ts';
import { decoder } from './decode.ts';

export const source = defineSource({
  id: 'arkime',
  title: 'Arkime sessions',
  description:
    'Sessions of Arkime 3 and later as JSON: documents of its database one on a line (with or without `_source`), answers of ' +
    '`/api/sessions`, and lists of `sessions3`. Each is a flow with its volumes; one with TLS is a handshake too, with its ' +
    'fingerprints. What was found in other protocols stays in `fields` of the flow.',
  references: ['https://arkime.com/api-v5', 'https://arkime.com/esrequest'],
  guide: ['B12', 'B14'],
  emits: ['flow', 'tls'],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => decoder),
});

/** Lists and documents of the database name their index or their only key before the first session. */
const wrapped = /"_index"\s*:\s*"[^"]{0,60}sessions[23]|"sessions[23]"\s*:\s*\[|"data"\s*:\s*\[\s*\{/;

function detect(_name: string, head: Uint8Array): Detection {
  const isSession = firstRecordKeys(head).some(
    (keys) => keys.has('firstPacket') && keys.has('lastPacket') && (keys.has('source') || keys.has('ipProtocol')),
  );
  if (isSession) return 'certain';
  const text = Buffer.from(head).toString('latin1');
  const isNamed = text.includes('"firstPacket"') && (text.includes('"ipProtocol"') || text.includes('"lastPacket"'));
  return /^\s*[{[]/.test(text) && wrapped.test(text) && isNamed ? 'certain' : undefined;
}
