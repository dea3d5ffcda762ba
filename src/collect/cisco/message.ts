import type { VakthundEvent } from '../../events/event.ts';
import type { SystemMessage } from '../linux/messages/message.ts';

/** `%ASA-6-302013: text`: the number says what happened, and has stayed the same over versions. */
export interface FirewallMessage extends SystemMessage {
  /** Six digits. */
  readonly number: string;
}

/** What a message says, as an event; undefined for one that has another form. */
export type Reader = (message: FirewallMessage) => VakthundEvent | undefined;
export type Groups = Readonly<Record<string, string | undefined>>;

/** Before the mark a relay leaves the time and the name that the firewall wrote itself. */
const start =
  /^ {0,4}(?:: )?(?:[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,6})?(?: [A-Z]{3,4})?:? )?(?:(?<host>[\w.-]{1,128}) )?(?:: )?%(?:ASA|FTD|PIX|FWSM|NGIPS)(?:-[a-z]{1,16})?-(?<severity>[0-7])-(?<number>\d{6}): ?/;
const severities = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];

/** What a firewall of Cisco says (ASA, Firepower, and the older PIX and FWSM); undefined for a message of others. */
export function firewallMessage(message: SystemMessage): FirewallMessage | undefined {
  const found = start.exec(message.text);
  if (found?.groups === undefined) return undefined;
  const { host, severity, number = '' } = found.groups;
  return {
    ...message,
    number,
    host: host ?? message.host,
    level: severities[Number(severity)] ?? null,
    text: message.text.slice(found[0].length),
  };
}

export function isOfFirewall(text: string): boolean {
  return start.test(text);
}

/** Services that firewalls write in place of the port. */
const services: ReadonlyMap<string, number> = new Map([
  ['ssh', 22],
  ['telnet', 23],
  ['domain', 53],
  ['bootps', 67],
  ['bootpc', 68],
  ['http', 80],
  ['www', 80],
  ['ntp', 123],
  ['netbios-ns', 137],
  ['netbios-dgm', 138],
  ['snmp', 161],
  ['https', 443],
  ['isakmp', 500],
  ['syslog', 514],
]);

/** A port by number or service; null for none. */
export function portOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  return /^\d{1,5}$/.test(text) ? Number(text) : (services.get(text) ?? null);
}
