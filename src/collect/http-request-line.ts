import type { EventOf } from '../events/event.ts';

const requestLine = /^(?<method>[A-Z][A-Z-]{1,31}) (?<target>.+?)(?: HTTP\/(?<version>\d(?:\.\d)?))?$/s;
const absolute = /^https?:\/\/(?<host>[^/?#\s]{1,255})/i;

/** Method, target and version of a request line. What is none stays whole as the target: scanners send anything. */
export function setRequest(event: EventOf<'http'>, line: string): void {
  const parts = requestLine.exec(line)?.groups;
  event.http_request_method = parts?.['method'] ?? null;
  event.url_original = parts?.['target'] ?? (line === '' || line === '-' ? null : line);
  event.http_version = parts?.['version'] ?? null;
  const host = absolute.exec(event.url_original ?? '')?.groups?.['host'];
  if (host === undefined) return;
  event.http_host = host;
  event.url_domain = host
    .replace(/^[^@]*@/, '')
    .replace(/:\d{1,5}$/, '')
    .toLowerCase();
}
