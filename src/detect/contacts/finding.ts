import { parseIp } from '../../base/ip.ts';
import type { Entity } from '../../events/entity.ts';
import type { Contact } from './contact.ts';
import type { ContactDetails } from './traits.ts';

/** Who calls, for a sentence: an address, or `/usr/bin/java on web01`. */
export function callerOf({ kind, source }: Contact): string {
  const { host, program } = partsOf(source);
  return kind === 'program' ? `${program} on ${host}` : source;
}

/** What a finding about a contact is about: who calls, the place, and the clients that are told. */
export function entitiesOf(contact: Contact, details: ContactDetails, traits: ContactDetails['traits']): Entity[] {
  const { host, program } = partsOf(contact.source);
  const isAddress = parseIp(contact.place) !== undefined;
  const caller: Entity[] =
    contact.kind === 'machine'
      ? [{ kind: 'host', value: contact.source }]
      : [
          { kind: 'host', value: host },
          { kind: 'executable', value: program },
        ];
  return [
    ...caller,
    { kind: isAddress ? 'address' : 'domain', value: contact.place },
    ...(isAddress ? [] : details.addresses.slice(0, 3).map((value): Entity => ({ kind: 'address', value }))),
    ...traits.map(({ kind, value }): Entity => ({
      kind: kind === 'fingerprint' ? 'tls-fingerprint' : 'user-agent',
      value,
    })),
  ];
}

/** `AS64500 Example Ltd`; the number alone where the name is not known. */
export function systemText(asn: number, organisation: string | undefined): string {
  return `AS${asn}${organisation === undefined ? '' : ` ${organisation}`}`;
}

function partsOf(source: string): { readonly host: string; readonly program: string } {
  const slash = source.indexOf(' /');
  const blank = slash < 0 ? source.lastIndexOf(' ') : slash;
  return { host: source.slice(0, Math.max(0, blank)), program: source.slice(blank + 1) };
}
