import { canonicalIp } from '../../../base/ip.ts';

/**
 * `[vhost:port ]client ident user [day/month/year:time zone] "`: the beginning of an access line of Apache, nginx and others,
 * up to where the client's own text may stand. The user's name is the client's text as well, so it may hold blanks.
 */
const accessLine =
  /^(?:[\w.-]{1,255}:\d{1,5} )?(?<client>[\da-fA-F:.]{2,45}) \S{1,255} .{1,255}? ?\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "/;

/** Client of a web server's access line (common or combined format, also with the virtual host before it). */
export function accessClient(message: string): string | undefined {
  const client = accessLine.exec(message)?.groups?.['client'];
  return client === undefined ? undefined : canonicalIp(client);
}

const time = /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?[ ,|-]{1,8}/;
const upperLevel =
  /^[[(<]?(?<level>TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERR|ERROR|SEVERE|CRIT|CRITICAL|ALERT|EMERG|FATAL|PANIC)(?![\w.])/;
/** In other letters these are words like any other, unless something sets them apart. */
const markedLevel = /^(?:\[(?<bracketed>[a-z]{3,8})\]|(?<colon>[a-z]{3,8}):(?=\s)|level=(?<pair>[a-z]{3,8})\b)/i;
const levels: ReadonlySet<string> = new Set(
  'trace debug info notice warn warning err error severe crit critical alert emerg fatal panic'.split(' '),
);

/** Level that a line starts with, after a time or not, as written. */
export function levelOf(message: string): string | undefined {
  const start = message.slice(0, 100).replace(time, '');
  const upper = upperLevel.exec(start)?.groups?.['level'];
  if (upper !== undefined) return upper;
  const marked = markedLevel.exec(start)?.groups;
  const level = marked?.['bracketed'] ?? marked?.['colon'] ?? marked?.['pair'];
  return level !== undefined && levels.has(level.toLowerCase()) ? level : undefined;
}
