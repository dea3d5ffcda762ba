import { dayStartSeconds, tails, type Draw } from './draw.ts';

/** Out of twenty: nine flow, six dns, three tls, one http, one alert. */
export function eveEvent(draw: Draw): string {
  const kind = draw.below(20);
  if (kind < 9) return eveFlow(draw);
  if (kind < 15) return eveDns(draw);
  if (kind < 18) return eveTls(draw);
  return kind === 18 ? eveHttp(draw) : eveAlert(draw);
}

function eveHead(draw: Draw, type: string, port: number, proto: 'TCP' | 'UDP'): string {
  return `{"timestamp":"${eveTime(draw)}","flow_id":${1_000_000_000_000 + draw.index * 7919},"in_iface":"eth1","event_type":"${type}","src_ip":"${draw.client}","src_port":${draw.clientPort},"dest_ip":"${draw.server}","dest_port":${port},"proto":"${proto}"`;
}

function eveTime(draw: Draw): string {
  const second = Number(draw.seconds.slice(0, 10)) - dayStartSeconds;
  const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
  return `2026-03-10T${two((second / 3600) | 0)}:${two(((second / 60) | 0) % 60)}:${two(second % 60)}.${draw.seconds.slice(11)}+0000`;
}

function eveFlow(draw: Draw): string {
  const up = 60 + draw.skewed(40_000);
  const down = 120 + draw.skewed(900_000);
  const time = eveTime(draw);
  return `${eveHead(draw, 'flow', draw.service.port, draw.service.proto === 'tcp' ? 'TCP' : 'UDP')},"app_proto":"${draw.service.name === 'ssl' ? 'tls' : draw.service.name}","flow":{"pkts_toserver":${2 + (up >> 10)},"pkts_toclient":${2 + (down >> 10)},"bytes_toserver":${up},"bytes_toclient":${down},"start":"${time}","end":"${time}","age":0,"state":"closed","reason":"timeout","alerted":false}}\n`;
}

function eveDns(draw: Draw): string {
  const id = draw.below(65_536);
  const name = draw.serverName;
  return `${eveHead(draw, 'dns', 53, 'UDP')},"dns":{"version":2,"type":"answer","id":${id},"flags":"8180","qr":true,"rd":true,"ra":true,"rrname":"${name}","rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"${name}","rrtype":"A","ttl":300,"rdata":"${draw.server}"}],"grouped":{"A":["${draw.server}"]}}}\n`;
}

function eveTls(draw: Draw): string {
  return `${eveHead(draw, 'tls', 443, 'TCP')},"tls":{"sni":"${draw.serverName}","version":"TLS 1.3","ja3":{"hash":"${(draw.below(64) + 64).toString(16)}b20b44b167dc38db58d1ad23046c","string":"771,4865-4866-4867-49195,0-23-65281-10-11,29-23-24,0"},"ja3s":{"hash":"f4febc55ea12b31ae17cfb7e614afda8","string":"771,4865,43-51"}}}\n`;
}

function eveHttp(draw: Draw): string {
  return `${eveHead(draw, 'http', 80, 'TCP')},"tx_id":0,"http":{"hostname":"${draw.serverName}","url":"/assets/${tails[draw.below(4096)]}.js?v=${draw.below(100)}","http_user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0","http_content_type":"application/javascript","http_method":"GET","protocol":"HTTP/1.1","status":200,"length":${draw.skewed(400_000)}}}\n`;
}

function eveAlert(draw: Draw): string {
  return `${eveHead(draw, 'alert', 80, 'TCP')},"alert":{"action":"allowed","gid":1,"signature_id":${2_010_000 + draw.skewed(40)},"rev":3,"signature":"LOCAL benchmark signature","category":"Misc activity","severity":3}}\n`;
}
