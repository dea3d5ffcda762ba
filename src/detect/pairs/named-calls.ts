const shared = 'time, source_ip, destination_ip, coalesce(destination_port, -1) AS port, uid, evidence_id, evidence_at';

/** Logs of connections that are still open are said again when these end. */
const isOver = "coalesce(event_dataset, '') NOT IN ('zeek.open_ssl', 'zeek.open_http')";

/**
 * A table expression of calls to a name: TLS and QUIC server names, HTTP hosts, and what a proxy was asked to CONNECT to
 * (`via_proxy` 1). `depth` is the number of the request in its connection. A Host header that only repeats the address
 * says nothing that the flow does not.
 */
export const namedCalls = `(SELECT ${shared}, tls_client_server_name AS name, 1 AS depth, 0 AS via_proxy
    FROM tls WHERE tls_client_server_name IS NOT NULL AND source_ip IS NOT NULL AND ${isOver}
  UNION ALL SELECT ${shared}, tls_client_server_name, 1, 0
    FROM quic WHERE tls_client_server_name IS NOT NULL AND source_ip IS NOT NULL
  UNION ALL SELECT ${shared}, url_domain, coalesce(http_trans_depth, 1),
    CASE WHEN http_request_method = 'CONNECT' THEN 1 ELSE 0 END
    FROM http WHERE url_domain IS NOT NULL AND url_domain <> coalesce(destination_ip, '') AND source_ip IS NOT NULL
      AND ${isOver})`;
