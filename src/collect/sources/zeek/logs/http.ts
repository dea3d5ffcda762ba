import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, endpoints, overTcp, read, when } from './shared.ts';

const columns = {
  ...when,
  ...endpoints,
  ...overTcp,
  http_request_method: read('method'),
  url_domain: read('host', 'hostname'),
  http_host: read('host'),
  url_original: read('uri'),
  http_version: read('version'),
  user_agent_original: read('user_agent'),
  http_request_referrer: read('referrer'),
  http_request_origin: read('origin'),
  http_request_body_bytes: read('request_body_len', 'integer'),
  http_response_body_bytes: read('response_body_len', 'integer'),
  http_response_status_code: read('status_code', 'integer'),
  http_response_status_text: read('status_msg'),
  http_response_mime_type: read('resp_mime_types', 'joined'),
  http_request_mime_type: read('orig_mime_types', 'joined'),
  http_info_code: read('info_code', 'integer'),
  http_trans_depth: read('trans_depth', 'integer'),
  http_proxied: read('proxied', 'list'),
  user_name: read('username'),
  file_uids: read('resp_fuids', 'list'),
  tags: read('tags', 'list'),
} as const;

export const http: Mapping<'http'> = { kind: 'http', columns: { ...columns, ...dataset('http') } };
export const openHttp: Mapping<'http'> = { kind: 'http', columns: { ...columns, ...dataset('open_http') } };
