import { at, dayEnd, millis, seconds } from '../base/clock.ts';
import { digest } from '../base/ids.ts';
import { connectEvent, connectTo } from '../host/audit-events.ts';
import { falcoAlert } from '../host/falco.ts';
import type { Process } from '../host/process.ts';
import type { Evidence } from '../model/evidence.ts';
import { createScene } from '../model/scene.ts';
import { ask } from '../traffic/dns.ts';
import { askFromHost } from '../traffic/docker-host.ts';
import { tlsSession } from '../traffic/tls.ts';
import { dnsServer, dockerHost } from '../world/hosts.ts';
import { controlSite, implant, tunnelAnswer, tunnelDomain } from './lair.ts';

const args = [implant.hostPath];

export function playCollection(evidence: Evidence, process: Process): void {
  const scene = createScene('intrusion collection', evidence, 'collection');
  falcoAlert(scene, at('11:07:09.31'), 'Read sensitive file untrusted', {
    process,
    eventType: 'openat',
    command: implant.hostPath.slice(implant.hostPath.lastIndexOf('/') + 1),
    parentName: 'sh',
    before: [
      ['file', 'fd.name', '/etc/shadow'],
      ['gparent', 'proc.aname[2]', 'cron'],
      ['ggparent', 'proc.aname[3]', 'cron'],
      ['gggparent', 'proc.aname[4]', 'systemd'],
    ],
    container: false,
  });
}

/** Every ten minutes, a fifth more or less, until the day ends. */
export function playBeacon(evidence: Evidence, process: Process): void {
  const scene = createScene('intrusion beacon', evidence, 'beacon');
  let time = at('11:07:04.6');
  while (time < dayEnd - seconds(5)) {
    const hasTask = scene.rng.chance(0.06);
    const ready = askFromHost(scene, time, controlSite, ['A', 'AAAA'], process, args);
    const handshake = tlsSession(scene, {
      time: ready + millis(1),
      client: dockerHost.ip,
      name: controlSite.name,
      address: controlSite.address,
      tls: controlSite.tls,
      hello: 'implant',
      upBytes: 268 + scene.rng.integer(0, 4) * 16,
      downBytes: hasTask ? scene.rng.integer(2_000, 9_000) : 139,
      durationMicros: millis(scene.rng.integer(180, 420)),
    });
    connectEvent(scene, handshake.flow, process, { args, waits: false, descriptor: 7 });
    time += Math.round(seconds(scene.rng.around(600, 0.2)));
  }
}

/** Bytes that one question carries: two labels of 57 letters in base 32. */
const chunkBytes = 71;
const labelLetters = 57;
const stolenBytes = 24_576;

/** A question every forty seconds or so, each with a piece of the file, all through the company's resolver. */
export function playExfiltration(evidence: Evidence, process: Process): void {
  const scene = createScene('intrusion exfiltration', evidence, 'exfiltration');
  const pieces = Math.ceil(stolenBytes / chunkBytes);
  let time = at('13:02:17.4');
  for (let piece = 0; piece < pieces; piece++) {
    const letters = base32(stolenPiece(piece));
    const labels = [letters.slice(0, labelLetters), letters.slice(labelLetters)].filter((label) => label !== '');
    const sequence = piece.toString(16).padStart(4, '0');
    const name = [...labels, sequence, 't', tunnelDomain].join('.');
    connectTo(scene, time - 300, process, { args, ip: dnsServer.ip, port: 53, descriptor: 9 });
    const answers = [{ name, type: 'A', ttlSeconds: 0, data: tunnelAnswer }];
    ask(scene, time, dockerHost.ip, [{ name, type: 'A', answers }], 'fetched');
    time += Math.round(seconds(scene.rng.around(40, 0.4)));
  }
}

/** A compressed file looks like random bytes. */
function stolenPiece(piece: number): Buffer {
  const size = Math.min(chunkBytes, stolenBytes - piece * chunkBytes);
  const text = [0, 1, 2].map((part) => digest('sha256', `stolen ${piece} ${part}`)).join('');
  return Buffer.from(text, 'hex').subarray(0, size);
}

/** RFC 4648 without padding, in lower case. */
function base32(bytes: Buffer): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet[(value << (5 - bits)) & 31];
}
