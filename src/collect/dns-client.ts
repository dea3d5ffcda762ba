/** Who asked: some sensors (Suricata 8, responses of EVE DNS version 3) write an answer with the server as its source. */
export const dnsClient =
  'CASE WHEN source_port = 53 AND coalesce(destination_port, 53) <> 53 THEN destination_ip ELSE source_ip END';
