import type { Detection } from '../../source.ts';

/** A record, alone on its line or behind `node=`. */
const recordLine = /^(?:node=\S{1,255} )?type=[A-Z0-9_[\]]{2,40} msg=audit\(\d{1,12}\.\d{1,9}:\d{1,10}\)/m;
/** A record inside a syslog line: the kernel log, or an audit plug-in. */
const syslogLine =
  /(?:audit|audisp\S{0,20}|kernel)(?:\[\d{1,10}\])?: (?:\[ *\d+\.\d+\] )?(?:audit: )?(?:node=\S{1,255} )?type=[A-Z0-9_]{2,40} (?:msg=)?audit\(\d{1,12}\.\d/;

/** Records at the start of lines make it certain; some inside syslog lines make it likely. */
export function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (recordLine.test(text)) return 'certain';
  return syslogLine.test(text) ? 'likely' : undefined;
}
