import type { Entity } from '../../../events/entity.ts';
import type { IndicatorHit } from '../../../match/indicators/matcher.ts';
import type { IndicatorRef } from '../../../match/indicators/set.ts';
import { mailAddressOf } from '../../../match/indicators/values/text.ts';
import type { Sighting } from './sighting.ts';

/** The listed thing that a finding is about, and all that lists say of it. */
export interface Subject {
  readonly entity: Entity;
  readonly refs: readonly IndicatorRef[];
}

/**
 * An address stands for itself, whatever networks around it are listed; a name or URL for the widest entry that covers
 * it, so that one listed domain is one finding, however many names below it are seen.
 */
export function subjectOf(sighting: Sighting, hits: readonly IndicatorHit[]): Subject | undefined {
  const refs = hits.filter((hit) => hit.suppressedBy === null).map((hit) => hit.ref);
  const widest = refs.toSorted((a, b) => a.value.length - b.value.length)[0];
  return widest === undefined ? undefined : { entity: entityOf(sighting.value, widest), refs };
}

function entityOf(seen: string, ref: IndicatorRef): Entity {
  switch (ref.kind) {
    case 'address':
    case 'cidr':
      return { kind: 'address', value: seen };
    case 'domain':
      return { kind: 'domain', value: ref.value };
    case 'url':
      return { kind: 'url', value: ref.value };
    case 'md5':
    case 'sha1':
    case 'sha256':
      return { kind: 'file-hash', value: ref.value };
    case 'ja3':
      return { kind: 'tls-fingerprint', value: ref.value };
    case 'user-agent':
      return { kind: 'user-agent', value: seen };
    case 'email':
      return { kind: 'user', value: mailAddressOf(seen) };
    case 'file':
      return { kind: 'file', value: ref.value };
  }
}
