import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, endpoints, read, when } from './shared.ts';

export const quic: Mapping<'quic'> = {
  kind: 'quic',
  columns: {
    ...when,
    ...endpoints,
    ...dataset('quic'),
    network_transport: { constant: 'udp' },
    quic_version: read('version'),
    tls_client_server_name: read('server_name', 'name'),
    tls_next_protocol: read('client_protocol'),
    quic_client_connection_id: read('client_initial_dcid'),
    quic_server_connection_id: read('server_scid'),
    history: read('history'),
  },
};
