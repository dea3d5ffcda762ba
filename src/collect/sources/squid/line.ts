/** A line of `logformat squid`, cut into its parts. */
export interface SquidLine {
  readonly seconds: string;
  readonly elapsedMs: number;
  readonly client: string;
  /** What the cache did: `TCP_MISS`, `TCP_TUNNEL`, `TCP_DENIED`. */
  readonly result: string;
  readonly status: number;
  readonly bytes: number;
  readonly method: string;
  readonly url: string;
  readonly user: string;
  /** How the answer was fetched (`HIER_DIRECT`), and from whom. */
  readonly hierarchy: string;
  readonly peer: string;
  readonly mime: string;
  /** Headers, where they are logged, and what else stands behind. */
  readonly rest: string;
}

/** Squid writes a blank in a URL as `%20`; older ones, and caches that only use the format, do not. */
const form =
  /^(?<seconds>\d{9,10}\.\d{3})\s+(?<elapsed>-?\d{1,10}) (?<client>[\w.:%-]{1,255}) (?<result>[A-Z_]{3,48}|-)\/(?<status>\d{3}) (?<bytes>-?\d{1,15}) (?<method>[\w-]{1,64}) (?<url>\S.{0,16384}?) (?<user>\S{1,256}) (?<hierarchy>[A-Z_]{3,48}|-)\/(?<peer>[\w.:[\]-]{1,255}) (?<mime>[\w.+/*-]{1,128};?)(?<rest> .*)?$/s;

/** The parts of a line; undefined for any other. */
export function readLine(line: string): SquidLine | undefined {
  const parts = form.exec(line.trimEnd())?.groups;
  if (parts === undefined) return undefined;
  const { seconds = '', elapsed, client = '', result = '', status, bytes, method = '', url = '', user = '' } = parts;
  const { hierarchy = '', peer = '', mime = '', rest = '' } = parts;
  const numbers = {
    elapsedMs: Math.max(0, Number(elapsed)),
    status: Number(status),
    bytes: Math.max(0, Number(bytes)),
  };
  return { seconds, client, result, method, url, user, hierarchy, peer, mime, rest: rest.trim(), ...numbers };
}
