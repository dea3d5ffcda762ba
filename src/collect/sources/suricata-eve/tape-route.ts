import type { JsonTape } from '../../json-tape.ts';
import { tapeKeyHash } from '../../tape-entries.ts';
import { reshapedTypes } from './reshape.ts';
import { routeOf, type RouteId } from './routes.ts';

const keys = {
  eventType: tapeKeyHash('event_type'),
  timestamp: tapeKeyHash('timestamp'),
  direction: tapeKeyHash('direction'),
  dns: tapeKeyHash('dns'),
  type: tapeKeyHash('type'),
  rdata: tapeKeyHash('rdata'),
  grouped: tapeKeyHash('grouped'),
  answers: tapeKeyHash('answers'),
};

/**
 * Route of the record on the tape, by its own members only: an alert carries those of other types inside. Undefined for
 * records that are reshaped before a mapping fits them, or that are not whole.
 */
export function tapeRoute(tape: JsonTape): RouteId | undefined {
  const type = valueOf(tape, 0, keys.eventType);
  if (typeof type !== 'string' || reshapedTypes.has(type) || tape.member(0, keys.timestamp) < 0) return undefined;
  if (type === 'alert') return routeOf({ type, direction: valueOf(tape, 0, keys.direction), dnsType: undefined });
  if (type !== 'dns') return routeOf({ type, direction: undefined, dnsType: undefined });
  const dns = tape.member(0, keys.dns);
  if (dns < 0 || !tape.isContainer(dns) || isOldAnswer(tape, dns)) return undefined;
  return routeOf({ type, direction: undefined, dnsType: valueOf(tape, dns, keys.type) });
}

/** The object form of the same question is `reshapeDns`. */
function isOldAnswer(tape: JsonTape, dns: number): boolean {
  if (tape.member(dns, keys.rdata) >= 0) return true;
  return tape.member(dns, keys.grouped) >= 0 && tape.member(dns, keys.answers) < 0;
}

function valueOf(tape: JsonTape, object: number, key: number): unknown {
  const entry = tape.member(object, key);
  return entry < 0 ? undefined : tape.value(entry);
}
