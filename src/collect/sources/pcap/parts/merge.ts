import type { Problem } from '../../../../base/problem.ts';
import type { VakthundEvent } from '../../../../events/event.ts';
import { KnownCertificates } from '../x509/known-certificates.ts';
import type { PartPortion } from './part-reader.ts';

/** Puts together what the parts of a capture made of the same chunk: always in the same order. */
export class PartMerge {
  readonly #certificates = new KnownCertificates();

  /** In the order of the packets that showed the events; of the same packet, in the order of the parts. */
  events(portions: readonly PartPortion[]): VakthundEvent[] {
    const parts = portions.map(({ events, marks }) => ({ events, marks, at: 0, event: 0 }));
    const merged: VakthundEvent[] = [];
    for (;;) {
      let next: (typeof parts)[number] | undefined;
      for (const part of parts) {
        if (part.at >= part.marks.length) continue;
        if (next === undefined || (part.marks[part.at] ?? 0) < (next.marks[next.at] ?? 0)) next = part;
      }
      if (next === undefined) return merged;
      const end = next.marks[next.at + 1] ?? 0;
      for (; next.event < end; next.event++) {
        const event = next.events[next.event];
        if (event !== undefined && this.#isNew(event)) merged.push(event);
      }
      next.at += 2;
    }
  }

  /** Several parts may see the same certificate. */
  #isNew(event: VakthundEvent): boolean {
    if (event.kind !== 'certificate') return true;
    const { file_hash_sha256: fingerprint, x509_host_certificate: isHost, x509_client_certificate: isClient } = event;
    return this.#certificates.isNew(fingerprint ?? '', isHost === true, isClient === true, event.time);
  }
}

/** Problems of packets that several parts met are one, at the first packet of them. */
export function mergeProblems(portions: readonly PartPortion[]): Problem[] {
  const merged = new Map<string, Problem>();
  for (const problem of portions.flatMap(({ problems }) => problems)) {
    const key = `${problem.code} ${problem.message} ${problem.at?.byte ?? ''}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? problem : joined(known, problem));
  }
  return [...merged.values()];
}

function joined(one: Problem, other: Problem): Problem {
  const first = (one.at?.line ?? 0) <= (other.at?.line ?? 0) ? one : other;
  return { ...first, count: (one.count ?? 1) + (other.count ?? 1) };
}
