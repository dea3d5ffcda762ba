import { defineSource, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { statusDecoder } from './decode.ts';

export const source = defineSource({
  id: 'osquery-status',
  title: 'osquery status log',
  description:
    'What osqueryd says of itself in `osqueryd.INFO`, `.WARNING` and `.ERROR`, in the form of glog: one log record for each ' +
    'line. Its lines have no year (that of the header counts) and no zone (UTC is assumed). Results are read by `osquery`, ' +
    'as are status records in JSON.',
  references: ['https://osquery.readthedocs.io/en/stable/deployment/logging/', 'https://github.com/google/glog'],
  guide: ['B07'],
  emits: ['log'],
  detect,
  decode: (content, context) => decodeTextLines(content, context, statusDecoder),
});

const header = /^Log file created at: [^\n]{1,60}\r?\nRunning on machine: [^\n]{0,300}\r?\n/;

/** glog is used by others too: those of osquery are written by files of C++ that osquery has. */
function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, 8192)).toString('latin1');
  return header.test(text) && / [\w-]{1,60}\.(?:cpp|mm):\d{1,6}\] /.test(text) ? 'certain' : undefined;
}
