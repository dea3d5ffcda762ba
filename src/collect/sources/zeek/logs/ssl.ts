import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, endpoints, read, when } from './shared.ts';

/** The log does not tell the transport. The versions of DTLS do; what is inside QUIC looks like TLS 1.3 over TCP there. */
const overDatagrams = { DTLSv10: 'udp', DTLSv12: 'udp', DTLSv13: 'udp' } as const;

const columns = {
  ...when,
  ...endpoints,
  network_transport: {
    first: [{ path: 'version', as: 'text', table: overDatagrams, otherwise: 'tcp' }, { constant: 'tcp' }],
  },
  tls_version: read('version'),
  tls_cipher: read('cipher'),
  tls_curve: read('curve'),
  tls_client_server_name: read('server_name', 'name'),
  tls_next_protocol: read('next_protocol'),
  tls_established: read('established', 'boolean'),
  tls_resumed: read('resumed', 'boolean'),
  tls_client_ja3: read('ja3', 'lower'),
  tls_server_ja3s: read('ja3s', 'lower'),
  tls_client_ja4: read('ja4'),
  tls_server_subject: read('subject'),
  tls_server_issuer: read('issuer'),
  tls_server_hash_sha1: read('server_cert_sha1', 'hex'),
  tls_server_certificate_chain: { first: [read('cert_chain_fps', 'list'), read('cert_chain_fuids', 'list')] },
  tls_client_certificate_chain: {
    first: [read('client_cert_chain_fps', 'list'), read('client_cert_chain_fuids', 'list')],
  },
  tls_validation_status: read('validation_status'),
  tls_sni_matches_cert: read('sni_matches_cert', 'boolean'),
  tls_last_alert: read('last_alert'),
  tls_history: read('ssl_history'),
} as const;

export const ssl: Mapping<'tls'> = { kind: 'tls', columns: { ...columns, ...dataset('ssl') } };
export const openSsl: Mapping<'tls'> = { kind: 'tls', columns: { ...columns, ...dataset('open_ssl') } };
