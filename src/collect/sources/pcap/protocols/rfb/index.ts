import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { asciiText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'rfb',
  title: 'RFB (VNC)',
  description:
    'The handshake of remote desktops by RFB 3.3, 3.7 and 3.8: versions, kind of authentication and whether it held, name and size of the desktop.',
  references: ['RFC 6143'],
  emits: ['log'],
  service: 'rfb',
  transports: ['tcp'],
  ports: [5900],
  recognize: ({ resp }: FirstBytes): Recognition => {
    if (resp.length < versionBytes) return resp.length === 0 || asciiText(resp, 0, 4) === 'RFB ' ? 'more' : 'no';
    return versionOf(resp) === undefined ? 'no' : 'match';
  },
  start: () => ({ attach: (context) => new RfbConnection(context) }),
});

const versionBytes = 12;
/** What the handshake takes: beyond there are pictures. */
const maxHeldBytes = 2048;
const maxNameBytes = 256;

/** RFC 6143, 7.1.2, and the registry of its section 8.1. */
const securityTypes: Readonly<Record<number, string>> = {
  0: 'Invalid',
  1: 'None',
  2: 'VNC',
  16: 'Tight',
  17: 'Ultra',
  18: 'TLS',
  19: 'VeNCrypt',
  20: 'GTK-VNC SASL',
  21: 'MD5 hash authentication',
  22: 'Colin Dean xvp',
  30: 'Apple Remote Desktop',
};

interface Version {
  readonly major: string;
  readonly minor: string;
}

function versionOf(bytes: Uint8Array): Version | undefined {
  const groups = /^RFB (?<major>\d{3})\.(?<minor>\d{3})\n$/.exec(asciiText(bytes, 0, versionBytes))?.groups;
  return groups === undefined ? undefined : { major: groups['major'] ?? '', minor: groups['minor'] ?? '' };
}

type Stage = 'version' | 'security' | 'challenge' | 'result' | 'desktop' | 'done';

class RfbConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #facts: Record<string, unknown> = {};
  #client = Buffer.alloc(0);
  #server = Buffer.alloc(0);
  #stage: Stage = 'version';
  #version: Version = { major: '003', minor: '008' };
  #security = 0;

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#stage === 'done') return;
    if (isOrig) this.#client = Buffer.concat([this.#client, bytes.subarray(0, maxHeldBytes - this.#client.length)]);
    else this.#server = Buffer.concat([this.#server, bytes.subarray(0, maxHeldBytes - this.#server.length)]);
    // A side that says more than a handshake has is followed no longer.
    const isBeyond = this.#client.length >= maxHeldBytes || this.#server.length >= maxHeldBytes;
    while (this.#step());
    if (isBeyond) this.#stage = 'done';
  }

  gap(): void {
    this.#stage = 'done';
  }

  close(): void {
    if (Object.keys(this.#facts).length === 0) return;
    const event = logRecord(this.#context, 'rfb', this.#facts);
    event.time = this.#context.connection.startTime;
    this.#context.emit(event);
  }

  /** Goes one stage further; false when more bytes are needed for it. */
  #step(): boolean {
    switch (this.#stage) {
      case 'version':
        return this.#versions();
      case 'security':
        return this.#kind();
      case 'challenge':
        return this.#challenge();
      case 'result':
        return this.#result();
      case 'desktop':
        return this.#desktop();
      case 'done':
        return false;
    }
  }

  #versions(): boolean {
    if (this.#client.length < versionBytes || this.#server.length < versionBytes) return false;
    const [client, server] = [versionOf(this.#client), versionOf(this.#server)];
    if (client === undefined || server === undefined) {
      this.#stage = 'done';
      this.#context.violation('no RFB version');
      return false;
    }
    this.#context.confirm();
    this.#facts['client_major_version'] = client.major;
    this.#facts['client_minor_version'] = client.minor;
    this.#facts['server_major_version'] = server.major;
    this.#facts['server_minor_version'] = server.minor;
    this.#version = client;
    this.#client = this.#client.subarray(versionBytes);
    this.#server = this.#server.subarray(versionBytes);
    this.#stage = 'security';
    return true;
  }

  /** The server decides in version 3.3; later it offers a list, and the client chooses. */
  #kind(): boolean {
    if (this.#isOld) {
      if (this.#server.length < 4) return false;
      this.#security = this.#server.readUInt32BE(0);
      this.#server = this.#server.subarray(4);
    } else {
      const [count = 0] = this.#server;
      if (this.#server.length < 1 + count || this.#client.length === 0) return false;
      this.#security = this.#client[0] ?? 0;
      this.#server = this.#server.subarray(1 + count);
      this.#client = this.#client.subarray(1);
    }
    this.#facts['authentication_method'] = securityTypes[this.#security] ?? `unknown-${this.#security}`;
    if (this.#security === 2) this.#stage = 'challenge';
    else if (this.#security !== 1) this.#stage = 'done';
    else this.#stage = this.#hasResult ? 'result' : 'desktop';
    return true;
  }

  #challenge(): boolean {
    if (this.#server.length < 16 || this.#client.length < 16) return false;
    this.#server = this.#server.subarray(16);
    this.#client = this.#client.subarray(16);
    this.#stage = 'result';
    return true;
  }

  #result(): boolean {
    if (this.#server.length < 4) return false;
    const isGood = this.#server.readUInt32BE(0) === 0;
    this.#facts['auth'] = isGood;
    this.#server = this.#server.subarray(4);
    this.#stage = isGood ? 'desktop' : 'done';
    return true;
  }

  /** ClientInit says whether others stay, ServerInit what is shown (7.3). */
  #desktop(): boolean {
    if (this.#client.length === 0 || this.#server.length < 24) return false;
    const length = Math.min(this.#server.readUInt32BE(20), maxNameBytes);
    if (this.#server.length < 24 + length) return false;
    this.#facts['share_flag'] = this.#client[0] !== 0;
    this.#facts['width'] = this.#server.readUInt16BE(0);
    this.#facts['height'] = this.#server.readUInt16BE(2);
    this.#facts['desktop_name'] = wireText(this.#server.subarray(24, 24 + length));
    this.#stage = 'done';
    return false;
  }

  get #isOld(): boolean {
    return Number(this.#version.minor) < 7;
  }

  /** Without a password only version 3.8 tells that it was right. */
  get #hasResult(): boolean {
    return Number(this.#version.minor) >= 8;
  }
}
