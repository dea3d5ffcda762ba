import type { EventRow } from '../../../../events/event.ts';

/** What an event keeps beside its columns, by the names of Zeek's log. */
export type KeptFields = Readonly<Record<string, unknown>>;

/** Operations of DNS (RFC 6895, 2.2, and 8490) as Zeek names them. */
const operations: ReadonlyMap<number, string> = new Map([
  [0, 'query'],
  [1, 'iquery'],
  [2, 'server-status'],
  [4, 'notify'],
  [5, 'dynamic-update'],
  [6, 'dso'],
]);

/** Those of the NetBIOS name service (RFC 1002, 4.2.1.1). */
const netbiosOperations: ReadonlyMap<number, string> = new Map([
  [0, 'netbios-query'],
  [5, 'netbios-registration'],
  [6, 'netbios-release'],
  [7, 'netbios-wack'],
  [8, 'netbios-refresh'],
]);

const netbiosPort = 137;

/** Reserved bits and operation: an event keeps them only where one is not 0. */
export function dnsOperation(event: EventRow, { Z = 0, opcode = 0 }: KeptFields): KeptFields {
  const isNetbios = event['destination_port'] === netbiosPort;
  const name = (isNetbios ? netbiosOperations : operations).get(Number(opcode));
  return { Z, opcode, opcode_name: name ?? `${isNetbios ? 'netbios-' : ''}opcode-${Number(opcode)}` };
}

/** Bytes are handed on in order and once; that a file had no end of its own, an event says. */
export function fileConstants(_event: EventRow, { timedout = false }: KeptFields): KeptFields {
  return { overflow_bytes: 0, timedout };
}
