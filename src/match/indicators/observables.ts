import { columnEntries, kindIds, type KindId } from '../../events/event.ts';
import type { IndicatorKind } from './format.ts';

/**
 * What a column holds, in terms of indicators: a kind, or `host` (a name or an address), `hash` (any, told apart by its
 * length) and `request` (a request target, whose host stands in `url_domain`).
 */
export type ObservableType = Exclude<IndicatorKind, 'cidr'> | 'host' | 'hash' | 'request';

/** What the value is to the event: it decides who acts in a finding. */
export type ObservableRole =
  | 'source'
  | 'destination'
  | 'asked'
  | 'answered'
  | 'requested'
  | 'presented'
  | 'file'
  | 'mail'
  | 'device';

/** A column in which an indicator can show. */
export interface Observable {
  readonly column: string;
  readonly isList: boolean;
  readonly type: ObservableType;
  readonly role: ObservableRole;
  /** The kind declares the column to be in lower case, so that SQL need not fold it. */
  readonly isLower: boolean;
}

/** Columns by name; those of type `ip` that are not here are addresses of devices. One list serves all kinds. */
const byColumn: Readonly<Record<string, readonly [ObservableType, ObservableRole]>> = {
  source_ip: ['address', 'source'],
  destination_ip: ['address', 'destination'],
  originating_ip: ['address', 'mail'],
  dns_question_name: ['domain', 'asked'],
  dns_resolved_ip: ['address', 'answered'],
  dns_answers: ['domain', 'answered'],
  url_domain: ['host', 'requested'],
  url_original: ['request', 'requested'],
  tls_client_server_name: ['domain', 'requested'],
  source_host: ['host', 'source'],
  smtp_helo: ['host', 'source'],
  smtp_path: ['address', 'mail'],
  x509_alternative_names: ['domain', 'presented'],
  x509_alternative_ips: ['address', 'presented'],
  tls_server_hash_sha1: ['sha1', 'presented'],
  tls_server_certificate_chain: ['hash', 'presented'],
  tls_client_ja3: ['ja3', 'requested'],
  user_agent_original: ['user-agent', 'requested'],
  http_user_agent: ['user-agent', 'requested'],
  email_x_mailer: ['user-agent', 'mail'],
  email_sender: ['email', 'mail'],
  email_from: ['email', 'mail'],
  email_reply_to: ['email', 'mail'],
  email_recipients: ['email', 'mail'],
  email_to: ['email', 'mail'],
  email_cc: ['email', 'mail'],
  file_hash_md5: ['md5', 'file'],
  file_hash_sha1: ['sha1', 'file'],
  file_hash_sha256: ['sha256', 'file'],
  process_hash_sha256: ['sha256', 'file'],
  file_path: ['file', 'file'],
  file_target_path: ['file', 'file'],
  file_name: ['file', 'file'],
  process_executable: ['file', 'file'],
};

const addressOfDevice: readonly [ObservableType, ObservableRole] = ['address', 'device'];

const lowerColumns = new Set(['dns_question_name', 'url_domain', 'tls_client_server_name', 'tls_server_hash_sha1']);

/** Kinds whose own meaning of a column differs: the hash of a certificate is something that a server showed. */
const byKindAndColumn: Readonly<Record<string, readonly [ObservableType, ObservableRole]>> = {
  'certificate.file_hash_sha256': ['sha256', 'presented'],
};

/** Columns of a kind in which an indicator can show, in table order. */
export function observablesOf(kind: KindId): readonly Observable[] {
  return observables[kind];
}

const observables = Object.fromEntries(kindIds.map((kind) => [kind, derive(kind)])) as Record<
  KindId,
  readonly Observable[]
>;

function derive(kind: KindId): readonly Observable[] {
  return columnEntries(kind).flatMap(([column, spec]) => {
    const known =
      lookUp(byKindAndColumn, `${kind}.${column}`) ??
      lookUp(byColumn, column) ??
      (spec.type === 'ip' ? addressOfDevice : undefined);
    if (known === undefined) return [];
    const [type, role] = known;
    return [{ column, isList: spec.type === 'text[]', type, role, isLower: lowerColumns.has(column) }];
  });
}

function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
