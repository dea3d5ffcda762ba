/** A capture of many TCP connections at once, laid out in memory with right checksums. */
const packetsOfConnection = 20;
const openAtOnce = 2000;
const largeBytes = 1400;

interface Connection {
  readonly client: number;
  readonly server: number;
  readonly clientPort: number;
  readonly serverPort: number;
  clientSequence: number;
  serverSequence: number;
  step: number;
}

/** About 690 bytes a packet; a tenth of the packets open or close connections. Always the same for the same number. */
export function packetCapture(packets: number): Buffer {
  const out = Buffer.alloc(24 + packets * (16 + 54 + largeBytes));
  let at = writeHeader(out);
  const open = Array.from({ length: openAtOnce }, (_none, index) => connection(index));
  let begun = openAtOnce;
  let random = 12_345;
  for (let packet = 0; packet < packets; packet++) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    const slot = (random >>> 8) % openAtOnce;
    const one = open[slot] ?? connection(0);
    at = writePacket(out, at, one, packet, random);
    if (one.step === packetsOfConnection) open[slot] = connection(begun++);
  }
  return out.subarray(0, at);
}

function connection(index: number): Connection {
  return {
    client: (10 << 24) | (index % 60_000),
    server: ((198 << 24) | (18 << 16) | (Math.imul(index, 2_654_435_761) & 0xffff)) >>> 0,
    clientPort: 1024 + ((index * 7) % 60_000),
    serverPort: [443, 80, 22, 8080][index & 3] ?? 443,
    clientSequence: index * 1000,
    serverSequence: index * 3000,
    step: 0,
  };
}

function writeHeader(out: Buffer): number {
  out.writeUInt32LE(0xa1b2_c3d4, 0);
  out.writeUInt32LE(0x0004_0002, 4);
  out.writeUInt32LE(262_144, 16);
  return out.writeUInt32LE(1, 20);
}

function writePacket(out: Buffer, at: number, one: Connection, number: number, random: number): number {
  const step = one.step++;
  const isLast = one.step > packetsOfConnection - 3;
  const fromServer = step === 1 || step === packetsOfConnection - 2 || (step > 2 && !isLast && step % 3 !== 0);
  const smallBytes = 20 + (random % 180);
  const hasData = step >= 3 && !isLast;
  const dataBytes = hasData ? (fromServer && largeBytes) || smallBytes : 0;
  const flags = flagsOf(step);
  const length = 54 + dataBytes;
  const micros = number * 100;
  out.writeUInt32LE(1_700_000_000 + Math.floor(micros / 1e6), at);
  out.writeUInt32LE(micros % 1e6, at + 4);
  out.writeUInt32LE(length, at + 8);
  out.writeUInt32LE(length, at + 12);
  const frame = at + 16;
  out.writeUInt16BE(0x0800, frame + 12);
  writeIp(out, frame + 14, one, fromServer, length - 14);
  const tcp = frame + 34;
  out.writeUInt16BE(fromServer ? one.serverPort : one.clientPort, tcp);
  out.writeUInt16BE(fromServer ? one.clientPort : one.serverPort, tcp + 2);
  out.writeUInt32BE((fromServer ? one.serverSequence : one.clientSequence) >>> 0, tcp + 4);
  out.writeUInt32BE((fromServer ? one.clientSequence : one.serverSequence) >>> 0, tcp + 8);
  out.writeUInt16BE(0x5000 | flags, tcp + 12);
  out.writeUInt16BE(64_000, tcp + 14);
  out.fill(random & 255, tcp + 20, frame + length);
  const pseudo = sum(out, frame + 26, frame + 34, 6 + length - 34);
  out.writeUInt16BE(~sum(out, tcp, frame + length, pseudo) & 0xffff, tcp + 16);
  const moved = dataBytes + ((flags & 3) === 0 ? 0 : 1);
  if (fromServer) one.serverSequence += moved;
  else one.clientSequence += moved;
  return frame + length;
}

/** SYN, its answer, ACK, data, FIN, FIN, ACK. */
function flagsOf(step: number): number {
  if (step === 0) return 0x02;
  if (step === 1) return 0x12;
  if (step === packetsOfConnection - 3 || step === packetsOfConnection - 2) return 0x11;
  return step === 2 || step === packetsOfConnection - 1 ? 0x10 : 0x18;
}

function writeIp(out: Buffer, at: number, one: Connection, fromServer: boolean, length: number): void {
  out.writeUInt16BE(0x4500, at);
  out.writeUInt16BE(length, at + 2);
  out.writeUInt16BE(0x4006, at + 8);
  out.writeUInt32BE((fromServer ? one.server : one.client) >>> 0, at + 12);
  out.writeUInt32BE((fromServer ? one.client : one.server) >>> 0, at + 16);
  out.writeUInt16BE(~sum(out, at, at + 20, 0) & 0xffff, at + 10);
}

function sum(bytes: Buffer, start: number, end: number, initial: number): number {
  let total = initial;
  let at = start;
  for (; at + 2 <= end; at += 2) total += bytes.readUInt16BE(at);
  if (at < end) total += bytes.readUInt8(at) << 8;
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}
