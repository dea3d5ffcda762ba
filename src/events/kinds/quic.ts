import { connectionColumns, defineKind, text } from '../kind.ts';

export const kind = defineKind({
  id: 'quic',
  title: 'QUIC handshake',
  description: 'One QUIC connection set-up.',
  columns: {
    ...connectionColumns,
    quic_version: text('Version.'),
    tls_client_server_name: text('SNI, in lower case.', 'tls.client.server_name'),
    tls_next_protocol: text('ALPN protocol offered.', 'tls.next_protocol'),
    tls_client_ja3: text('JA3 of the client hello.', 'tls.client.ja3'),
    tls_server_ja3s: text('JA3S.', 'tls.server.ja3s'),
    tls_client_ja4: text('JA4 of the client hello.'),
    quic_client_connection_id: text('First connection id of the client.'),
    quic_server_connection_id: text('First connection id of the server.'),
    user_agent_original: text('User agent (Google QUIC).', 'user_agent.original'),
    history: text("Zeek's QUIC history."),
  },
});
