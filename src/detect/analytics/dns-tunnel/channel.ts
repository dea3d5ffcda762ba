import type { Payload } from './payload.ts';

/** One client asking below one registered domain. */
export interface Channel {
  /** Distinct names, and how often one was asked for; an asking again within minutes is the same. */
  readonly names: number;
  readonly askings: number;
  readonly payload: Payload;
  /** Share of names asked for with a type that carries data: TXT, NULL, CNAME, MX and types without a name. */
  readonly oddShare: number;
  readonly oddTypes: readonly string[];
  /** Share of names asked for with type NULL or a type without a name, which nothing but a tunnel uses. */
  readonly nullShare: number;
  /** Share of names that were also asked for with type HTTPS, as browsers do. */
  readonly browserShare: number;
  /** Names that had an address as answer, the share of them whose answer is a verdict in 127.0.0.0/8, and distinct addresses. */
  readonly resolved: number;
  readonly verdictShare: number;
  readonly addresses: number;
  /** Share of those addresses that are in our own networks. */
  readonly localAddressShare: number;
  /** Distinct bytes of answers to types that carry data, and the share of these answers that mail servers ask for. */
  readonly answerBytes: number;
  readonly mailShare: number;
  /** Share of names with addresses that a connection followed; undefined when there are no records of connections. */
  readonly connectedShare: number | undefined;
  /** Machines that ask for several names below the domain, and machines that ask for anything. */
  readonly users: number;
  readonly network: number;
  /** Share of names below the zone of a known look-up service. */
  readonly serviceShare: number;
  /** Days from the first to the last asking. */
  readonly days: number;
}
