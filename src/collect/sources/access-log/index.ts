import { defineSource, type Detection } from '../../source.ts';
import { firstRecordKeys } from '../../json-keys.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { accessDecoder } from './decode.ts';
import { formOf } from './json.ts';
import { readCombined } from './combined.ts';

export const source = defineSource({
  id: 'access-log',
  title: 'Access logs of web servers',
  description:
    'Access logs of Apache, nginx, Traefik, Caddy, HAProxy as common log format and what else writes it: common and combined ' +
    'format, with a virtual host before or more fields behind, and JSON lines of Traefik, Caddy, and of nginx or Apache with ' +
    'their usual names. Each request is an HTTP event; what answered is the server of the log, so there is no destination address.',
  references: [
    'https://httpd.apache.org/docs/current/mod/mod_log_config.html',
    'https://nginx.org/en/docs/http/ngx_http_log_module.html',
    'https://doc.traefik.io/traefik/observability/access-logs/',
    'https://caddyserver.com/docs/caddyfile/directives/log',
  ],
  guide: ['C14', 'B04'],
  emits: ['http'],
  isOwnLog: true,
  detect,
  decode: (content, context) => decodeTextLines(content, context, () => accessDecoder),
});

const maxLines = 20;
const lookedAt = 16_384;

function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, lookedAt)).toString('latin1');
  const isJson =
    /^\s*\{/.test(text) && firstRecordKeys(head).some((keys) => formOf((key) => keys.has(key)) !== undefined);
  if (isJson) return 'certain';
  // The last line may be cut.
  const lines = text.split('\n', maxLines).filter((line) => line.trim() !== '');
  const fitting = lines.filter((line) => readCombined(line) !== undefined);
  return fitting.length > 0 && fitting.length >= (lines.length - 1) * 0.7 ? 'certain' : undefined;
}
