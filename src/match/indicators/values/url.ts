import { canonicalIp } from '../../../base/ip.ts';
import { hostName } from './domain.ts';
import { maxValueLength, normalValue, parsePort, type Normalised } from './value.ts';

/** Scheme, user, port and fragment take no part in matching: sensors see some of them in some places only. */
export interface UrlKey {
  readonly host: string;
  /** Host, path and query in one. */
  readonly key: string;
}

const watchedSchemes = new Set(['http:', 'https:', 'ftp:']);

/**
 * `host/path?query`, as the WHATWG URL standard spells them. A port is handed back beside it. Only http, https and ftp
 * are kept: nothing else is seen as a URL on the wire.
 */
export function normaliseUrl(text: string): Normalised {
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === undefined) return 'is no URL';
  if (!watchedSchemes.has(url.protocol)) return 'has a scheme that is not watched';
  const key = keyOf(url);
  if (key === undefined) return 'has no host that can be watched';
  return key.key.length > maxValueLength ? 'is too long' : normalValue('url', key.key, parsePort(url.port));
}

/** Host of a listed URL in normal form. */
export function urlHost(value: string): string {
  const slash = value.indexOf('/');
  return slash < 0 ? value : value.slice(0, slash);
}

/** True for the root of a host: such an entry means the whole host. */
export function isWholeHost(value: string): boolean {
  return value.indexOf('/') === value.length - 1;
}

/**
 * A request as a sensor saw it: the host, and the request target, which for a proxy is a whole URL.
 * Undefined when no host is known or the target makes no URL.
 */
export function observedUrl(host: string | null, target: string): UrlKey | undefined {
  if (target.length > 4 * maxValueLength) return undefined;
  const whole = wholeUrlHost(target) === undefined ? wholeUrl(host, target) : target;
  const url = whole === undefined ? undefined : parseUrl(whole);
  return url === undefined ? undefined : keyOf(url);
}

/** Host in a request target that is a whole URL, as it stands there in lower case; undefined for a path. */
export function wholeUrlHost(target: string): string | undefined {
  const first = target.charCodeAt(0) | 32;
  if (first !== 104 && first !== 102) return undefined;
  return /^(?:https?|ftp):\/\/(?:[^/?#@]*@)?(?<host>\[[^\]]*\]|[^/?#:]*)/i
    .exec(target)
    ?.groups?.['host']?.toLowerCase();
}

function wholeUrl(host: string | null, target: string): string | undefined {
  if (host === null) return undefined;
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `http://${bracketed}${target.startsWith('/') ? '' : '/'}${target}`;
}

function keyOf(url: URL): UrlKey | undefined {
  const { hostname } = url;
  const host = canonicalIp(hostname.startsWith('[') ? hostname.slice(1, -1) : hostname) ?? hostName(hostname);
  return host === undefined ? undefined : { host, key: `${host}${url.pathname}${url.search}` };
}

function parseUrl(text: string): URL | undefined {
  return URL.parse(text) ?? undefined;
}
