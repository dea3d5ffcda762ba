import { formatDuration } from '../../../base/time.ts';
import type { Reason } from '../../../events/finding.ts';
import type { Aspect, NewContact } from '../../contacts/contact.ts';
import { systemText } from '../../contacts/finding.ts';
import type { ContactDetails, Trait } from '../../contacts/traits.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';

/** What something new is worth at a source that never has anything new, and what more where no other has it either. */
const worth: Readonly<Record<Aspect, readonly [own: number, ofAll: number]>> = {
  place: [0.1, 0.06],
  system: [0.05, 0.06],
  country: [0.06, 0.08],
};
const names: Readonly<Record<Aspect, string>> = {
  place: 'new destination',
  system: 'new autonomous system',
  country: 'new country',
};
const traitWorth = 0.08;
/** New things a day at which their worth is half. */
const halfAt = 0.25;
/** News by itself is no more than low. */
const most = 0.44;
/** µs by which a client may be older than the contact and still be new with it. */
const sameTime = 3_600_000_000;

/** How telling news is at a source where so many new things of the kind come up in a day: 1 where none do. */
function calmOf(perDay: number): number {
  return halfAt / (halfAt + perDay);
}

/** Clients of a contact that the machine had not shown before it. */
export function newTraits({ first }: NewContact, { traits }: ContactDetails): Trait[] {
  return traits.filter(({ since }) => since >= first - sameTime);
}

/** What a contact is worth without its details, to choose the few that are read. */
export function roughScore(contact: NewContact): number {
  return aspectReasons(contact, undefined).reduce((sum, { weight = 0 }) => sum + weight, 0);
}

export function scoreContact(
  contact: NewContact,
  details: ContactDetails,
): { readonly score: number; readonly reasons: readonly Reason[] } {
  const calm = calmOf(contact.novelty.place);
  const traits = newTraits(contact, details).map(({ kind, value, hosts }) => ({
    what: kind === 'fingerprint' ? 'new TLS fingerprint' : 'new user agent',
    value: `${value}, shown by ${hosts === 1 ? 'no other machine' : `${hosts} machines`}`,
    weight: traitWorth * calm,
  }));
  const reasons = roundedReasons([
    ...aspectReasons(contact, details.organisation),
    ...traits.slice(0, 2),
    { what: 'learnt before', value: formatDuration(contact.learnt) },
    { what: 'calls', value: `${contact.calls} on ${contact.days} ${contact.days === 1 ? 'day' : 'days'}` },
  ]);
  return { score: Math.min(most, sumOfReasons(reasons)), reasons };
}

function aspectReasons(contact: NewContact, organisation: string | undefined): Reason[] {
  const texts: Readonly<Record<Aspect, string>> = {
    place: contact.place,
    system: contact.asn === null ? '' : systemText(contact.asn, organisation),
    country: contact.country ?? '',
  };
  return (['place', 'system', 'country'] as const)
    .filter((aspect) => contact.isNew[aspect])
    .map((aspect) => {
      const [own, ofAll] = worth[aspect];
      const isNewToAll = contact.isNewToAll[aspect];
      const others = contact.kind === 'machine' ? 'machine' : 'program';
      return {
        what: names[aspect],
        value: `${texts[aspect]}${isNewToAll ? ` (of no other ${others} either)` : ''}; here ${contact.novelty[aspect].toFixed(2)} new a day`,
        weight: (own + (isNewToAll ? ofAll : 0)) * calmOf(contact.novelty[aspect]),
      };
    });
}
