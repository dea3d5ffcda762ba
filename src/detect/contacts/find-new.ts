import { microsPerDay } from '../../base/time.ts';
import type { Aspect, Contact, NewContact, Novelty } from './contact.ts';

export interface NewsBounds {
  /** µs for which a source must have been seen before something new at it is news. */
  readonly learning: number;
  /** µs; news before and from then on are not asked for. */
  readonly since: number;
  readonly until: number;
}

/** New contacts of one source that are kept: one with more has them all the time. */
const maxOfSource = 100;

interface Source {
  readonly since: number;
  until: number;
  readonly seen: Record<Aspect, Set<string>>;
  /** New things since half of the learning time was over. */
  readonly news: Record<Aspect, number>;
  readonly fresh: Omit<NewContact, 'novelty'>[];
}

const aspects: readonly Aspect[] = ['place', 'system', 'country'];

/** What sources did for the first time after they were learnt. Contacts come in the order in which they began. */
export async function findNew(contacts: AsyncIterable<Contact>, bounds: NewsBounds): Promise<NewContact[]> {
  const sources = new Map<string, Source>();
  const known = { machine: emptySets(), program: emptySets() };
  for await (const contact of contacts) {
    const key = `${contact.kind} ${contact.source}`;
    const source = sources.get(key) ?? newSource(contact.first);
    sources.set(key, source);
    source.until = Math.max(source.until, contact.last);
    const isNew = take(source.seen, contact);
    const isNewToAll = take(known[contact.kind], contact);
    const learnt = contact.first - source.since;
    if (learnt >= bounds.learning / 2) for (const aspect of aspects) if (isNew[aspect]) source.news[aspect]++;
    const isAsked = learnt >= bounds.learning && contact.first >= bounds.since && contact.first < bounds.until;
    if (isAsked && source.fresh.length < maxOfSource) source.fresh.push({ ...contact, isNew, isNewToAll, learnt });
  }
  return [...sources.values()].flatMap((source) => {
    const novelty = noveltyOf(source, bounds.learning);
    return source.fresh.map((contact) => ({ ...contact, novelty }));
  });
}

function newSource(since: number): Source {
  return { since, until: since, seen: emptySets(), news: { place: 0, system: 0, country: 0 }, fresh: [] };
}

function emptySets(): Record<Aspect, Set<string>> {
  return { place: new Set(), system: new Set(), country: new Set() };
}

/** Which of the contact was not in the sets, and puts it there. What is not known is never new. */
function take(seen: Record<Aspect, Set<string>>, { place, asn, country }: Contact): Record<Aspect, boolean> {
  const isNew = (aspect: Aspect, value: string | null): boolean => {
    if (value === null || seen[aspect].has(value)) return false;
    seen[aspect].add(value);
    return true;
  };
  return {
    place: isNew('place', place),
    system: isNew('system', asn === null ? null : String(asn)),
    country: isNew('country', country),
  };
}

function noveltyOf({ since, until, news }: Source, learning: number): Novelty {
  const days = Math.max(1, (until - since - learning / 2) / microsPerDay);
  return { place: news.place / days, system: news.system / days, country: news.country / days };
}
