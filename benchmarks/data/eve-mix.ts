import { dayStartSeconds, tails, type Draw } from './draw.ts';

/**
 * EVE as a sensor with most of its output switched on writes it, some 640 bytes a record. Of a hundred: thirty-five DNS,
 * thirty flow, fifteen TLS, ten HTTP, five alert, three fileinfo, two anomaly.
 */
export function eveMixEvent(draw: Draw): string {
  const kind = draw.below(100);
  if (kind < 35) return eveDns(draw);
  if (kind < 65) return eveFlow(draw);
  if (kind < 80) return eveTls(draw);
  if (kind < 90) return line(draw, 'http', 80, { tx_id: draw.below(4), http: http(draw) });
  if (kind < 95) return eveAlert(draw);
  return kind < 98 ? eveFile(draw) : eveAnomaly(draw);
}

function line(draw: Draw, type: string, port: number, rest: object): string {
  const head = {
    timestamp: time(draw, 0),
    flow_id: 1_000_000_000_000 + draw.index * 7919,
    in_iface: 'eth1',
    event_type: type,
    src_ip: draw.client,
    src_port: draw.clientPort,
    dest_ip: draw.server,
    dest_port: port,
    proto: port === 53 ? 'UDP' : 'TCP',
    community_id: `1:${hex(draw, 26)}=`,
  };
  return `${JSON.stringify({ ...head, ...rest, host: 'sensor-1' })}\n`;
}

function time(draw: Draw, minusSeconds: number): string {
  const second = Number(draw.seconds.slice(0, 10)) - minusSeconds - dayStartSeconds + 86_400;
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = 9 + Math.floor(second / 86_400);
  const ofDay = second % 86_400;
  const clock = `${two(Math.floor(ofDay / 3600))}:${two(Math.floor(ofDay / 60) % 60)}:${two(ofDay % 60)}`;
  return `2026-03-${two(day)}T${clock}.${draw.seconds.slice(11)}+0000`;
}

function hex(draw: Draw, length: number): string {
  let text = '';
  while (text.length < length) text += tails[draw.below(tails.length)] ?? '';
  return text.slice(0, length);
}

function flow(draw: Draw): object {
  const up = 60 + draw.skewed(40_000);
  const down = 120 + draw.skewed(900_000);
  return {
    pkts_toserver: 2 + (up >> 10),
    pkts_toclient: 2 + (down >> 10),
    bytes_toserver: up,
    bytes_toclient: down,
    start: time(draw, 1 + draw.below(600)),
  };
}

function eveFlow(draw: Draw): string {
  const state = {
    end: time(draw, 0),
    age: draw.below(600),
    state: 'closed',
    reason: 'timeout',
    alerted: false,
    tx_cnt: 1,
  };
  const flags = { tcp_flags: '1b', tcp_flags_ts: '1b', tcp_flags_tc: '1b', syn: true, fin: true, psh: true, ack: true };
  const tcp = { ...flags, state: 'closed' };
  return line(draw, 'flow', draw.service.port === 53 ? 443 : draw.service.port, {
    app_proto: 'tls',
    flow: { ...flow(draw), ...state },
    tcp,
  });
}

function eveDns(draw: Draw): string {
  const name = draw.serverName;
  const question = { id: draw.below(65_536), rrname: name, rrtype: 'A' };
  if (draw.below(2) === 0) return line(draw, 'dns', 53, { dns: { type: 'query', ...question, tx_id: 0, opcode: 0 } });
  const answer = {
    version: 2,
    type: 'answer',
    flags: '8180',
    qr: true,
    rd: true,
    ra: true,
    opcode: 0,
    rcode: 'NOERROR',
  };
  const edge = `edge-${draw.below(64)}.${name}`;
  const answers = [
    { rrname: name, rrtype: 'CNAME', ttl: 300, rdata: edge },
    { rrname: edge, rrtype: 'A', ttl: 60, rdata: draw.server },
    { rrname: edge, rrtype: 'A', ttl: 60, rdata: `198.19.0.${draw.below(256)}` },
  ];
  const grouped = { CNAME: [edge], A: [draw.server] };
  return line(draw, 'dns', 53, { dns: { ...answer, ...question, answers, grouped } });
}

function eveTls(draw: Draw): string {
  const ja3 = '771,4865-4866-4867-49195-49199,0-23-65281-10-11-35-16,29-23-24,0';
  return line(draw, 'tls', 443, {
    tls: {
      subject: `CN=${draw.serverName}`,
      issuerdn: 'C=SE, O=Example CA, CN=CA 3',
      serial: `04:${hex(draw, 2)}:${hex(draw, 2)}:AA:BB`,
      fingerprint: '2d:d1:9f:80:99:86:fc:ac:5f:2a:2a:fd:a3:f3:7e:96:7c:dd:24:37',
      sni: draw.serverName,
      version: 'TLS 1.2',
      notbefore: '2026-01-19T09:44:08',
      notafter: '2026-04-20T09:44:08',
      ja3: { hash: hex(draw, 32), string: ja3 },
      ja3s: { hash: hex(draw, 32), string: '771,49199,65281-0-11-35-16-23' },
      ja4: 't13d1516h2_8daaf6152771_02713d6af862',
    },
  });
}

function http(draw: Draw): object {
  return {
    hostname: draw.serverName,
    url: `/assets/${hex(draw, 8)}/index.js?v=${draw.below(100)}&t=${hex(draw, 24)}`,
    http_user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    http_content_type: 'application/javascript',
    http_refer: `http://${draw.serverName}/`,
    http_method: 'GET',
    protocol: 'HTTP/1.1',
    status: 200,
    length: draw.skewed(400_000),
  };
}

function eveAlert(draw: Draw): string {
  const metadata = {
    affected_product: ['Any'],
    attack_target: ['Client_Endpoint'],
    created_at: ['2021_10_08'],
    signature_severity: ['Major'],
    mitre_technique_id: ['T1071'],
    updated_at: ['2023_06_07'],
  };
  const rule = { action: 'allowed', gid: 1, signature_id: 2_010_000 + draw.skewed(40), rev: 3 };
  const alert = { ...rule, signature: 'LOCAL benchmark signature', category: 'Misc activity', severity: 2, metadata };
  return line(draw, 'alert', 80, {
    tx_id: 0,
    alert,
    http: http(draw),
    app_proto: 'http',
    direction: 'to_server',
    flow: flow(draw),
  });
}

function eveFile(draw: Draw): string {
  const hashes = { md5: hex(draw, 32), sha256: hex(draw, 64) };
  const file = { filename: `/x/${hex(draw, 8)}.bin`, magic: 'data', gaps: false, state: 'CLOSED', ...hashes };
  const fileinfo = { ...file, stored: false, size: draw.skewed(900_000), tx_id: 0 };
  return line(draw, 'fileinfo', 80, { http: http(draw), app_proto: 'http', fileinfo });
}

function eveAnomaly(draw: Draw): string {
  const anomaly = {
    app_proto: 'http',
    type: 'applayer',
    event: 'UNABLE_TO_MATCH_RESPONSE_TO_REQUEST',
    layer: 'proto_parser',
  };
  return line(draw, 'anomaly', 80, { anomaly });
}
