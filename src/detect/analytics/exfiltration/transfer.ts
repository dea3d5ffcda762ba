import type { EvidencePointer } from '../../../events/finding.ts';
import type { EqualPieces, Piece } from './pieces.ts';

/** What one machine of ours sent to one place outside in one UTC day. */
export interface DayVolume {
  /** µs of its beginning. */
  readonly day: number;
  readonly sent: number;
  readonly received: number;
  /** Bytes without headers, and without what was sent twice. */
  readonly payload: number;
}

/** All that one machine of ours sent to one place outside. */
export interface Transfer {
  readonly source: string;
  /** Registered domain, or network of addresses without a name. */
  readonly place: string;
  /** The places in time, where pieces of one size went to several: `place` only says how many. */
  readonly spreadOver?: readonly Pick<Transfer, 'place' | 'isNamed' | 'addresses'>[];
  readonly isNamed: boolean;
  readonly addresses: readonly string[];
  readonly days: readonly DayVolume[];
  readonly sent: number;
  readonly received: number;
  readonly connections: number;
  /** µs. */
  readonly first: number;
  readonly last: number;
  /** Connections of one size, or days of one volume. */
  readonly pieces: EqualPieces | undefined;
  /** The largest connection. */
  readonly main: Piece;
  /** µs into the day at which the largest connection of each day began. */
  readonly timesOfDay: readonly number[];
  /** Hours of a usual day in which it sent something. */
  readonly hoursPerDay: number;
  /** Other machines of ours that sent at least a tenth as much there. */
  readonly peers: number;
  /** What the machine uploaded to all other places (sent more than received), day by day, on the days that it was seen. */
  readonly othersPerDay: readonly number[];
  /** µs since which the machine was there before it first sent something to the place, without a pause of many days. */
  readonly seenSince: number;
  /** µs at which anybody here was first seen with the place. */
  readonly knownSince: number;
  readonly evidence: readonly EvidencePointer[];
}

/** The time that is stored, and the machines in it. */
export interface CaseSpan {
  readonly machines: number;
  /** µs. */
  readonly first: number;
  readonly last: number;
}
