import { looksLikeKeyLog } from '../../tls-secrets.ts';
import { defineSource, type Detection } from '../../source.ts';
import { decode, readSecrets } from './decode.ts';

export const source = defineSource({
  id: 'tls-key-log',
  title: 'TLS key log',
  description:
    'Secrets of TLS sessions as browsers and libraries write them (SSLKEYLOGFILE). They make no events: captures are decrypted by them, ' +
    'also those that the case has read before, which are read again. The secrets stay in the file; the case keeps its path and its hash.',
  references: ['https://datatracker.ietf.org/doc/draft-ietf-tls-keylogfile/'],
  guide: ['B12', 'B14'],
  emits: [],
  detect: (_name, head): Detection => (looksLikeKeyLog(head) ? 'certain' : undefined),
  decode,
  readSecrets,
});
