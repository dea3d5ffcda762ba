import type { EntityKind } from '../events/entity.ts';
import type { Handle } from './claim.ts';

/**
 * How surely two claims belong together when they share one such thing and it is rare. `measured` counts when the store
 * or the findings show on how many machines it is, `assumed` when nothing does.
 */
const weights: Record<EntityKind, { readonly measured: number; readonly assumed: number }> = {
  process: { measured: 0.95, assumed: 0.95 },
  'file-hash': { measured: 0.9, assumed: 0.7 },
  file: { measured: 0.85, assumed: 0.85 },
  url: { measured: 0.9, assumed: 0.85 },
  domain: { measured: 0.85, assumed: 0.85 },
  address: { measured: 0.85, assumed: 0.85 },
  container: { measured: 0.8, assumed: 0.8 },
  host: { measured: 0.7, assumed: 0.7 },
  device: { measured: 0.7, assumed: 0.6 },
  'tls-fingerprint': { measured: 0.55, assumed: 0.3 },
  'user-agent': { measured: 0.5, assumed: 0.25 },
  executable: { measured: 0.45, assumed: 0.25 },
  user: { measured: 0.3, assumed: 0.3 },
  vulnerability: { measured: 0.3, assumed: 0.2 },
  image: { measured: 0.2, assumed: 0.2 },
  package: { measured: 0.1, assumed: 0.1 },
};

/** 0 to 1. The machine on which something happened is always itself; everything else fades the more machines touch it. */
export function specificityOf(handle: Handle, isMeasured: boolean, rarity: number): number {
  const { measured, assumed } = weights[handle.entity.kind];
  if (handle.category === 'place' && handle.role === 'own') return measured;
  return (isMeasured ? measured : assumed) * rarity;
}
