import type { LocalNetworks } from '../../../base/networks.ts';
import type { KindId } from '../../../events/event.ts';
import type { Sighting, SightingContext } from './sighting.ts';

/**
 * What a sighting says of a machine of ours.
 * - `outward` it went to, asked for or was answered by something listed
 * - `resolved` a name that it asked for led to a listed address
 * - `file` a listed file was on it or came to it · `mail` a listed sender or recipient wrote with it
 * - `login` somebody logged in from a listed address
 * - `answered` it answered a listed address that came in · `refused` it did not
 * - `passing` neither end is ours, or the role says nothing
 */
export type Direction = 'outward' | 'resolved' | 'file' | 'mail' | 'login' | 'answered' | 'refused' | 'passing';

export interface Course {
  readonly direction: Direction;
  /** The machine of ours; null when none is known. */
  readonly host: string | null;
}

/** Kinds that a sensor on the machine itself writes: `host_name` is the machine. */
const hostKinds: ReadonlySet<KindId> = new Set<KindId>([
  'process',
  'file_access',
  'kernel_module',
  'socket',
  'user_session',
]);

export function courseOf(sighting: Sighting, networks: LocalNetworks): Course {
  const { kind, observable, source, destination, host } = sighting;
  const isSourceOurs = source !== null && networks.isLocal(source);
  const isDestinationOurs = destination !== null && networks.isLocal(destination);
  const ours = hostKinds.has(kind)
    ? (host ?? localEnd(sighting, isSourceOurs, isDestinationOurs))
    : (localEnd(sighting, isSourceOurs, isDestinationOurs) ?? host);
  switch (observable.role) {
    case 'file':
      return { direction: 'file', host: ours };
    case 'mail':
      return { direction: 'mail', host: ours };
    case 'answered':
      return { direction: observable.type === 'address' ? 'resolved' : 'outward', host: ours ?? source };
    case 'device':
      return { direction: 'passing', host: sighting.value };
    case 'source':
      return fromListed(sighting, isSourceOurs, isDestinationOurs, ours);
    case 'destination':
    case 'asked':
    case 'requested':
    case 'presented':
      return toListed(sighting, isSourceOurs, isDestinationOurs, ours);
  }
}

function localEnd({ source, destination }: Sighting, isSourceOurs: boolean, isDestinationOurs: boolean): string | null {
  if (isSourceOurs) return source;
  return isDestinationOurs ? destination : null;
}

function fromListed(
  sighting: Sighting,
  isSourceOurs: boolean,
  isDestinationOurs: boolean,
  ours: string | null,
): Course {
  if (sighting.kind === 'user_session' || (sighting.kind === 'ssh' && isDestinationOurs)) {
    const host = sighting.kind === 'ssh' ? sighting.destination : ours;
    return { direction: isLoggedIn(sighting) ? 'login' : 'refused', host };
  }
  // A list of machines of ours that are known to be taken over.
  if (isSourceOurs) return { direction: 'outward', host: sighting.source };
  if (!isDestinationOurs && !hostKinds.has(sighting.kind)) return { direction: 'passing', host: null };
  return {
    direction: isUnanswered(sighting) ? 'refused' : 'answered',
    host: isDestinationOurs ? sighting.destination : ours,
  };
}

function toListed(sighting: Sighting, isSourceOurs: boolean, isDestinationOurs: boolean, ours: string | null): Course {
  const hasEnds = sighting.source !== null || sighting.destination !== null;
  if (isSourceOurs || hostKinds.has(sighting.kind) || !hasEnds) return { direction: 'outward', host: ours };
  if (sighting.observable.role === 'asked') return { direction: 'outward', host: sighting.source };
  if (isDestinationOurs) {
    return { direction: isUnanswered(sighting) ? 'refused' : 'answered', host: sighting.destination };
  }
  return { direction: 'passing', host: null };
}

/**
 * States in which nothing came back: Zeek's connection states without an answer, Suricata's flows that stayed new,
 * failed log-ins and system calls, what another tool blocked. No state counts as answered.
 */
const unansweredStates = new Set(['S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR', 'OTH', 'new', 'failure', 'blocked']);

export function isUnanswered({ state }: SightingContext): boolean {
  return state !== null && unansweredStates.has(state);
}

/** Zeek only sometimes knows how an SSH log-in ended; the machine itself always does, and says so when it failed. */
function isLoggedIn({ kind, state }: Sighting): boolean {
  return kind === 'ssh' ? state === 'true' : state !== 'failure';
}

/** Senses that are told in one finding: what a name led to, together with going there. */
export function senseOf(direction: Direction): Direction {
  return direction === 'resolved' ? 'outward' : direction;
}
