import { defineSource, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { w3cDecoder } from './decode.ts';
import { fieldNames } from './directives.ts';
import { formOf } from './rows.ts';

export const source = defineSource({
  id: 'w3c-extended',
  title: 'W3C extended logs (IIS, Windows Firewall, proxies)',
  description:
    'Logs in the W3C extended format, whose `#Fields` line names the columns and may change in mid-file: requests to IIS, CloudFront and ' +
    'proxies such as ProxySG are HTTP events, connections in `pfirewall.log` of the Windows Firewall are flows (a dropped one has no answer), ' +
    'and lines with other columns are log records. Times are UTC, as IIS writes them; the Windows Firewall has those of its machine, ' +
    'which are taken as UTC too. The logs of FTP and mail sites of IIS become log records.',
  references: [
    'https://www.w3.org/TR/WD-logfile.html',
    'https://learn.microsoft.com/en-us/windows/win32/http/w3c-logging',
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html',
  ],
  guide: ['B04', 'B12'],
  emits: ['http', 'flow', 'log'],
  detect,
  decode: (content, context) => decodeTextLines(content, context, w3cDecoder),
});

/** Comments and directives that stand before the first row. */
const maxLines = 40;

/** Directives come first. A log without them was cut, and its columns are unknown. Zeek has its own `#fields`. */
function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, 16_384))
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  if (!text.startsWith('#')) return undefined;
  for (const line of text.split(/\r?\n/, maxLines)) {
    const names = fieldNames(line);
    if (names !== undefined) return formOf(names) === 'log' ? 'likely' : 'certain';
    if (line !== '' && !line.startsWith('#')) return undefined;
  }
  return undefined;
}
