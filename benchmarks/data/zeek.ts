import { tails, type Draw } from './draw.ts';

/** Unique for each row. */
function uid(letter: string, index: number): string {
  return `${letter}${tails[index & 4095]}${tails[(index >>> 12) & 4095]}${index.toString(36)}`;
}

function zeekHeader(path: string, fields: string, types: string): string {
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    '#open\t2026-03-10-00-00-00',
    `#fields\t${fields.replaceAll(' ', '\t')}`,
    `#types\t${types.replaceAll(' ', '\t')}`,
    '',
  ].join('\n');
}

export function connHeader(): string {
  return zeekHeader(
    'conn',
    'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents',
    'time string addr port addr port enum string interval count count string bool bool count string count count count count set[string]',
  );
}

export function connTsv(draw: Draw): string {
  const { service } = draw;
  const up = 60 + draw.skewed(40_000);
  const down = 120 + draw.skewed(900_000);
  const [upPackets, downPackets] = [2 + (up >> 10), 2 + (down >> 10)];
  const duration = `${draw.skewed(300)}.${100_000 + draw.below(899_999)}`;
  const end = service.proto === 'tcp' ? 'ShADadFf' : 'Dd';
  return `${draw.seconds}\t${uid('C', draw.index)}\t${draw.client}\t${draw.clientPort}\t${draw.server}\t${service.port}\t${service.proto}\t${service.name}\t${duration}\t${up}\t${down}\tSF\tT\tF\t0\t${end}\t${upPackets}\t${up + upPackets * 52}\t${downPackets}\t${down + downPackets * 52}\t-\n`;
}

export function connJson(draw: Draw): string {
  const { service } = draw;
  const up = 60 + draw.skewed(40_000);
  const down = 120 + draw.skewed(900_000);
  const [upPackets, downPackets] = [2 + (up >> 10), 2 + (down >> 10)];
  const duration = `${draw.skewed(300)}.${100_000 + draw.below(899_999)}`;
  const end = service.proto === 'tcp' ? 'ShADadFf' : 'Dd';
  const name = service.name === '-' ? '' : `"service":"${service.name}",`;
  return `{"ts":${draw.seconds},"uid":"${uid('C', draw.index)}","id.orig_h":"${draw.client}","id.orig_p":${draw.clientPort},"id.resp_h":"${draw.server}","id.resp_p":${service.port},"proto":"${service.proto}",${name}"duration":${duration},"orig_bytes":${up},"resp_bytes":${down},"conn_state":"SF","local_orig":true,"local_resp":false,"missed_bytes":0,"history":"${end}","orig_pkts":${upPackets},"orig_ip_bytes":${up + upPackets * 52},"resp_pkts":${downPackets},"resp_ip_bytes":${down + downPackets * 52}}\n`;
}

export function dnsHeader(): string {
  return zeekHeader(
    'dns',
    'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto trans_id rtt query qclass qclass_name qtype qtype_name rcode rcode_name AA TC RD RA Z answers TTLs rejected',
    'time string addr port addr port enum count interval string count string count string count string bool bool bool bool count vector[string] vector[interval] bool',
  );
}

export function dnsTsv(draw: Draw): string {
  const rtt = `0.0${10_000 + draw.below(80_000)}`;
  return `${draw.seconds}\t${uid('C', draw.index)}\t${draw.client}\t${draw.clientPort}\t10.0.0.53\t53\tudp\t${draw.below(65_536)}\t${rtt}\t${draw.serverName}\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\t${draw.server}\t300.000000\tF\n`;
}
