import type { EventRow } from '../../../events/event.ts';
import type { Mapping, MappedColumns } from '../../../events/mapping.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { firstOf, mappingTo, read } from '../../mapping/build.ts';
import { finishProtocol } from '../../one-way-flow.ts';
import type { Shape } from '../../shaped-records.ts';

/** A row by the names of its columns, without those that have nothing; `w3c-time` is its day and time. */
export type W3cRow = Readonly<Record<string, string>>;
export type Form = 'server' | 'proxy' | 'firewall' | 'log';

/** What rows with such columns tell of. A proxy writes the scheme of what it was asked for. */
export function formOf(names: readonly string[]): Form {
  const has = new Set(names);
  if (has.has('src-ip') && has.has('dst-ip') && has.has('protocol') && has.has('action')) return 'firewall';
  const hasTarget = ['cs-uri-stem', 'cs-uri', 'cs-uri-path'].some((name) => has.has(name));
  if (!has.has('c-ip') || !has.has('cs-method') || !hasTarget) return 'log';
  return has.has('cs-uri-scheme') ? 'proxy' : 'server';
}

const request: MappedColumns<'http'> = {
  time: read('w3c-time', 'iso'),
  event_dataset: { constant: 'w3c-extended.http' },
  host_name: read('s-computername', 'text'),
  source_ip: read('c-ip', 'ip'),
  source_port: read('c-port', 'integer'),
  network_transport: { constant: 'tcp' },
  http_request_method: read('cs-method', 'text'),
  url_domain: firstOf('hostname', 'x-host-header', 'cs-host', 'cs(Host)'),
  http_host: firstOf('text', 'x-host-header', 'cs-host', 'cs(Host)'),
  http_version: firstOf('text', 'cs-version', 'cs-protocol-version'),
  user_agent_original: read('cs(User-Agent)', 'text'),
  http_request_referrer: read('cs(Referer)', 'text'),
  http_request_body_bytes: read('cs-bytes', 'integer'),
  http_response_body_bytes: read('sc-bytes', 'integer'),
  http_response_status_code: read('sc-status', 'integer'),
  http_response_mime_type: firstOf('lower', 'rs(Content-Type)', 'sc-content-type'),
  user_name: read('cs-username', 'text'),
};
const target = { url_original: firstOf('text', 'cs-uri', 'w3c-target') };

const mappings: Readonly<Record<Form, Mapping>> = {
  server: mappingTo('http', {
    ...request,
    ...target,
    destination_ip: read('s-ip', 'ip'),
    destination_port: read('s-port', 'integer'),
  }),
  proxy: mappingTo('http', {
    ...request,
    ...target,
    destination_ip: read('r-ip', 'ip'),
    destination_port: firstOf('integer', 'r-port', 'cs-uri-port'),
  }),
  firewall: mappingTo(
    'flow',
    {
      time: read('w3c-time', 'iso'),
      event_dataset: { constant: 'w3c-extended.firewall' },
      source_ip: read('src-ip', 'ip'),
      source_port: firstOf('integer', 'src-port', 'icmptype'),
      destination_ip: read('dst-ip', 'ip'),
      destination_port: firstOf('integer', 'dst-port', 'icmpcode'),
      network_transport: read('protocol', 'text'),
      conn_state: { path: 'action', as: 'text', table: { DROP: 'S0' }, otherwise: '' },
      end_reason: { path: 'action', as: 'text', table: { DROP: 'dropped' }, otherwise: '' },
    },
    { keep: ['action'] },
  ),
  log: mappingTo('log', {
    time: read('w3c-time', 'iso'),
    event_dataset: { constant: 'w3c-extended' },
    host_name: read('s-computername', 'text'),
    log_name: read('s-sitename', 'text'),
    message: read('w3c-row', 'text'),
    source_ip: read('c-ip', 'ip'),
    destination_ip: read('s-ip', 'ip'),
    destination_port: read('s-port', 'integer'),
    user_name: read('cs-username', 'text'),
  }),
};

const compiled = {
  server: compileMapping(mappings.server, { nested: false }),
  proxy: compileMapping(mappings.proxy, { nested: false }),
  firewall: compileMapping(mappings.firewall, { nested: false }),
  log: compileMapping(mappings.log, { nested: false }),
} satisfies Record<Form, unknown>;

/** How a row is read. Rows of other sites of IIS (mail, FTP) have columns of requests without being any. */
export function shapeOf(form: Form, row: W3cRow, text: string): Shape {
  const told = /^(?:MSFTPSVC|FTPSVC|SMTPSVC|NNTPSVC)/i.test(row['s-sitename'] ?? '') ? 'log' : form;
  if (told === 'log') return { convert: compiled.log, record: { ...row, 'w3c-row': text } };
  if (told === 'firewall') return { convert: compiled.firewall, record: row, finish: finishFlow };
  const { 'cs-uri-stem': stem, 'cs-uri-path': path, 'cs-uri-query': query, ...rest } = row;
  return {
    convert: compiled[told],
    record: { ...rest, ...targetOf(told, row, stem ?? path, query) },
    finish: finishRequest,
  };
}

/** How many rows the Windows Firewall says that it could not write; undefined for a row that does not say so. */
export function lostEvents(form: Form, row: W3cRow): number | undefined {
  if (form !== 'firewall' || row['action'] !== 'INFO-EVENTS-LOST') return undefined;
  const count = Number(row['info']);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** Path and query, and what a proxy was asked for in full; a tunnel has no path. */
function targetOf(form: Form, row: W3cRow, path = '', query = ''): Record<string, string> {
  const { 'cs-host': host, 'cs-uri-scheme': scheme, 'cs-uri-port': port, 'cs-method': method } = row;
  const asked = query === '' ? path : `${path}${query.startsWith('?') ? '' : '?'}${query}`;
  if (form === 'server' || host === undefined) return asked === '' ? {} : { 'w3c-target': asked };
  const isTunnel = method === 'CONNECT';
  return { 'w3c-target': isTunnel ? `${host}:${port ?? '443'}` : `${scheme ?? 'http'}://${host}${asked}` };
}

function finishRequest(row: EventRow): void {
  const { http_version: version, user_agent_original: agent } = row;
  if (typeof version === 'string') row['http_version'] = version.replace(/^HTTP\//, '');
  if (typeof agent === 'string') row['user_agent_original'] = withBlanks(agent);
}

/** IIS writes a blank as a plus, which a real one cannot be told from; CloudFront as `%20`, and other signs so too. */
function withBlanks(text: string): string {
  if (text.includes(' ')) return text;
  if (!text.includes('%20')) return text.replaceAll('+', ' ');
  return text.replace(/%(?<hex>[2-7][\dA-Fa-f])/g, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function finishFlow(row: EventRow): void {
  finishProtocol(row);
  for (const column of ['conn_state', 'end_reason']) if (row[column] === '') row[column] = null;
}
