import { canonicalIp } from '../../../base/ip.ts';
import { newEvent, type EventOf, type VakthundEvent } from '../../../events/event.ts';
import { groupsIn, type SystemMessage } from './message.ts';

/** What name servers log of the questions that they are asked: dnsmasq (`log-queries`), BIND, Unbound (`log-queries`, `log-replies`). */

const dnsmasqQuery =
  /^(?:(?<serial>\d{1,10}) (?<client>[\da-fA-F:.]{2,45}(?:%[\w.-]{1,32})?)\/(?<port>\d{1,5}) )?query\[(?<type>[\w=]{1,20})\] (?<name>\S{1,1024}) from (?<from>[\da-fA-F:.]{2,45}(?:%[\w.-]{1,32})?)$/;
const dnsmasqAnswer =
  /^(?:(?<serial>\d{1,10}) (?<client>[\da-fA-F:.]{2,45}(?:%[\w.-]{1,32})?)\/(?<port>\d{1,5}) )?(?:reply|cached|cached-stale|config|\/\S{1,255}|DHCP|(?:gravity|exactly|regex) (?:blocked|denied)) (?<name>\S{1,1024}) is (?<data>.{1,2048})$/;
const bindQuery =
  /^(?:queries: )?(?:info: )?client (?:@0x[\da-f]{1,16} )?(?<from>[\da-fA-F:.]{2,45}(?:%[\w.-]{1,32})?)#(?<port>\d{1,5})(?: \((?<asked>[^)]{1,1024})\))?: (?:view [^:\s]{1,64}: )?query: (?<name>\S{1,1024}) (?<class>[A-Z\d]{1,10}) (?<type>[A-Z\d-]{1,20}) (?<flags>[-+]\S{0,20})(?: \((?<server>[\da-fA-F:.]{2,45})\))?/;
const unboundLine =
  /^(?:info: )?(?:(?:query|reply): )?(?<from>[\da-fA-F:.]{2,45}(?:%[\w.-]{1,32})?)(?:@(?<port>\d{1,5}))? (?<name>\S{1,1024}) (?<type>[A-Z\d]{1,20}) (?<class>[A-Z\d]{1,10})(?: (?<code>[A-Z]{4,20}) (?<duration>\d{1,6}\.\d{1,9}) (?<cached>[01]) (?<size>\d{1,9}))?$/;

/** Questions, and answers one by one as dnsmasq writes them. */
export function readDnsmasq(message: SystemMessage): VakthundEvent | undefined {
  const query = groupsIn(message.text, dnsmasqQuery);
  if (query !== undefined) {
    const { serial, port, from, name, type } = query;
    return dnsEvent(message, { type: 'query', from, port, name, question: type }, { serial: numberOf(serial) });
  }
  const answer = groupsIn(message.text, dnsmasqAnswer);
  if (answer === undefined) return undefined;
  const { serial, client, port, name, data = '' } = answer;
  // Where there is no answer, `error` stands in place of the name.
  const asked = name === 'error' ? undefined : name;
  const event = dnsEvent(message, { type: 'answer', from: client, port, name: asked }, { serial: numberOf(serial) });
  const code = /^(?<code>NXDOMAIN|SERVFAIL|REFUSED)\b/.exec(data)?.groups?.['code'];
  event.dns_response_code = code ?? 'NOERROR';
  const isData = code === undefined && !data.startsWith('NODATA') && data !== '<CNAME>';
  event.dns_answers = isData ? [data] : [];
  if (code !== undefined && data !== code) event.fields = withField(event.fields, 'answer', data);
  const address = canonicalIp(data);
  event.dns_resolved_ip = address === undefined ? [] : [address];
  return event;
}

export function readNamed(message: SystemMessage): VakthundEvent | undefined {
  const query = groupsIn(message.text, bindQuery);
  if (query === undefined) return undefined;
  const { from, port, name, class: questionClass, type, flags = '', server } = query;
  const event = dnsEvent(message, { type: 'query', from, port, name, question: type }, { flags });
  event.dns_question_class = questionClass ?? null;
  event.destination_ip = server === undefined ? null : (canonicalIp(server) ?? null);
  event.destination_port = 53;
  event.dns_recursion_desired = flags.startsWith('+');
  event.network_transport = /T/.test(flags) ? 'tcp' : 'udp';
  return event;
}

/** A question, or with `log-replies` the answer's code, time and size beside it. */
export function readUnbound(message: SystemMessage): VakthundEvent | undefined {
  const line = groupsIn(message.text, unboundLine);
  if (line === undefined) return undefined;
  const { from, port, name, type, class: questionClass, code, duration, cached, size } = line;
  const more = { cached: cached === undefined ? undefined : cached === '1', size: numberOf(size) };
  const event = dnsEvent(
    message,
    { type: code === undefined ? 'query' : null, from, port, name, question: type },
    more,
  );
  event.dns_question_class = questionClass ?? null;
  event.dns_response_code = code ?? null;
  event.event_duration = duration === undefined ? null : Math.round(Number(duration) * 1e6);
  return event;
}

interface Question {
  readonly type: string | null;
  readonly from: string | undefined;
  readonly port: string | undefined;
  readonly name: string | undefined;
  readonly question?: string | undefined;
}

function dnsEvent(message: SystemMessage, asked: Question, more: Readonly<Record<string, unknown>>): EventOf<'dns'> {
  const event = newEvent('dns');
  event.time = message.time;
  event.event_dataset = message.program === null ? message.dataset : `dns.${message.program}`;
  event.host_name = message.host;
  event.dns_type = asked.type;
  event.source_ip = asked.from === undefined ? null : (canonicalIp(asked.from.replace(/%.*$/, '')) ?? null);
  event.source_port = numberOf(asked.port) ?? null;
  event.dns_question_name = asked.name === undefined ? null : questionName(asked.name);
  event.dns_question_type = asked.question ?? null;
  const pid = message.pid === null ? {} : { pid: message.pid };
  const level = message.level === null ? {} : { level: message.level };
  const kept = Object.fromEntries(
    Object.entries({ ...message.more, ...pid, ...level, ...more }).filter(([, value]) => value !== undefined),
  );
  event.fields = Object.keys(kept).length === 0 ? null : JSON.stringify(kept);
  return event;
}

function questionName(name: string): string {
  const lower = name.toLowerCase();
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function withField(fields: string | null, name: string, value: string): string {
  return JSON.stringify({ ...(JSON.parse(fields ?? '{}') as object), [name]: value });
}
