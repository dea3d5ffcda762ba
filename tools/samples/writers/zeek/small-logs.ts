import { at, dayStart } from '../../base/clock.ts';
import { digest } from '../../base/ids.ts';
import type { DhcpLease, Flow, Oddity, SshSession, TlsHandshake } from '../../model/network.ts';
import { dnsServer, insideDomain, isInside } from '../../world/hosts.ts';
import type { Line } from '../line.ts';
import { idColumns, idValues, list, row, schema, text, time } from './format.ts';

export const sshLog = schema(
  'ssh',
  `ts:time ${idColumns} version:count auth_success:bool auth_attempts:count direction:enum client:string
   server:string cipher_alg:string mac_alg:string compression_alg:string kex_alg:string host_key_alg:string
   host_key_fingerprint:string`,
);

export function sshLine(session: SshSession): Line {
  const { flow } = session;
  const isOutbound = isInside(flow.client.ip) && !isInside(flow.server.ip);
  const hostKey = Buffer.from(digest('sha256', `host key ${flow.server.ip}`), 'hex')
    .toString('base64')
    .slice(0, 43);
  return {
    at: flow.start + 1_400_000,
    step: flow.step,
    text: row(sshLog, [
      time(flow.start + 900),
      ...idValues(flow),
      2,
      session.isLoggedIn,
      session.attempts,
      isOutbound ? 'OUTBOUND' : undefined,
      text(session.clientVersion),
      text(session.serverVersion),
      'chacha20-poly1305@openssh.com',
      'umac-128-etm@openssh.com',
      'none',
      'sntrup761x25519-sha512@openssh.com',
      'ssh-ed25519',
      `SHA256:${hostKey}`,
    ]),
  };
}

export const dhcpLog = schema(
  'dhcp',
  `ts:time uids:set[string] client_addr:addr server_addr:addr mac:string host_name:string client_fqdn:string
   domain:string requested_addr:addr assigned_addr:addr lease_time:interval client_message:string
   server_message:string msg_types:vector[string] duration:interval`,
);

export function dhcpLine(lease: DhcpLease): Line {
  return {
    at: lease.time + lease.durationMicros + 2_000_000,
    step: lease.flow.step,
    text: row(dhcpLog, [
      time(lease.time),
      list([lease.flow.uid]),
      lease.isRenewal ? lease.ip : undefined,
      dnsServer.ip,
      lease.mac,
      lease.hostName,
      `${lease.hostName}.${insideDomain}`,
      insideDomain,
      lease.isRenewal ? undefined : lease.ip,
      lease.ip,
      time(43_200_000_000),
      undefined,
      undefined,
      list(lease.isRenewal ? ['REQUEST', 'ACK'] : ['DISCOVER', 'OFFER', 'REQUEST', 'ACK']),
      time(lease.durationMicros),
    ]),
  };
}

export const weirdLog = schema(
  'weird',
  `ts:time ${idColumns} name:string addl:string notice:bool peer:string source:string`,
);

export function weirdLine(oddity: Oddity): Line {
  const values = [time(oddity.time), ...idValues(oddity.flow), oddity.name, text(oddity.detail), false, 'zeek', 'TCP'];
  return { at: oddity.time, step: oddity.flow.step, text: row(weirdLog, values) };
}

export const noticeLog = schema(
  'notice',
  `ts:time ${idColumns} fuid:string file_mime_type:string file_desc:string proto:enum note:enum msg:string
   sub:string src:addr dst:addr p:port n:count peer_descr:string actions:set[enum] email_dest:set[string]
   suppress_for:interval remote_location.country_code:string remote_location.region:string
   remote_location.city:string remote_location.latitude:double remote_location.longitude:double`,
);

/** Zeek's notice about a certificate that it cannot check. */
export function noticeLines(handshakes: readonly TlsHandshake[]): Line[] {
  return handshakes.flatMap((tls) => {
    if (tls.certificate?.isSelfSigned !== true) return [];
    const message = 'SSL certificate validation failed with (self signed certificate)';
    return [noticeLine(tls.time, tls.flow, 'SSL::Invalid_Server_Cert', message, tls.certificate.subject)];
  });
}

function noticeLine(seenAt: number, flow: Flow, note: string, message: string, detail: string): Line {
  const noLocation = [undefined, undefined, undefined, undefined, undefined];
  const where = [flow.client.ip, flow.server.ip, flow.server.port];
  return {
    at: seenAt,
    step: flow.step,
    text: row(noticeLog, [
      time(seenAt),
      ...idValues(flow),
      undefined,
      undefined,
      undefined,
      flow.transport,
      note,
      message,
      text(detail),
      ...where,
      undefined,
      'zeek',
      'Notice::ACTION_LOG',
      '(empty)',
      time(3_600_000_000),
      ...noLocation,
    ]),
  };
}

export const captureLossLog = schema(
  'capture_loss',
  'ts:time ts_delta:interval peer:string gaps:count acks:count percent_lost:double',
);

/** A row each quarter of an hour: the tap loses next to nothing. Counted over the ordinary traffic. */
export function captureLossLines(flows: readonly Flow[]): Line[] {
  const quarterMicros = 900_000_000;
  const first = at('00:00:11.204');
  return Array.from({ length: 95 }, (_none, index): Line => {
    const seenAt = first + (index + 1) * quarterMicros + index * 27;
    const acks =
      40 +
      flows.filter((flow) => Math.floor((flow.start - dayStart) / quarterMicros) === index && flow.transport === 'tcp')
        .length *
        9;
    const gaps = index % 31 === 17 ? 1 : 0;
    const percent = gaps === 0 ? '0.0' : (100 / acks).toFixed(6).replace(/0+$/, '');
    return {
      at: seenAt,
      step: undefined,
      text: row(captureLossLog, [time(seenAt), time(900_000_027), 'zeek', gaps, acks, percent]),
    };
  });
}
