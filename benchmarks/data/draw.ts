/** A day of a network of a thousand hosts: what the rows of all formats are made of. */
export interface Draw {
  /** Draws anew. One object serves all rows, so that nothing is allocated but texts. */
  next(index: number): void;
  /** A whole number below `bound`. */
  below(bound: number): number;
  /** Most are small: a few hosts are busy, and so are a few servers. */
  skewed(bound: number): number;
  index: number;
  /** Seconds since 1970 with six digits. */
  seconds: string;
  client: string;
  clientPort: number;
  server: string;
  serverName: string;
  service: Service;
}

interface Service {
  readonly name: string;
  readonly port: number;
  readonly proto: 'tcp' | 'udp';
}

export const dayStartSeconds = 1_773_100_800;
const dayMicros = 86_400_000_000;
const hostCount = 1000;
const serverCount = 4000;

const dnsService: Service = { name: 'dns', port: 53, proto: 'udp' };
const services: readonly Service[] = [
  ...repeat({ name: 'ssl', port: 443, proto: 'tcp' }, 9),
  ...repeat(dnsService, 7),
  ...repeat({ name: 'http', port: 80, proto: 'tcp' }, 2),
  { name: 'ntp', port: 123, proto: 'udp' },
  { name: '-', port: 8443, proto: 'tcp' },
];

function repeat(service: Service, count: number): Service[] {
  return Array.from({ length: count }, () => service);
}

const hosts = Array.from(
  { length: hostCount },
  (_none, index) => `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}`,
);
/** Addresses of the block for benchmarks (RFC 2544). */
const servers = Array.from(
  { length: serverCount },
  (_none, index) => `198.${18 + (index >> 11)}.${(index >> 3) & 255}.${index & 255}`,
);
const serverNames = servers.map(
  (_server, index) => `${((index * 2_654_435_761) % 1_679_616).toString(36)}.site-${index % 900}.example`,
);
/** Short texts that look random. */
export const tails: readonly string[] = Array.from({ length: 4096 }, (_none, index) =>
  (index * 40_503 + 999_983 * (index + 7)).toString(36).padStart(6, 'x'),
);

export function createDraw(rows: number, seed: number): Draw {
  // Marsaglia's xorshift with 32 bits: fast, and good enough for a mix.
  let state = (seed * 2_654_435_761) | 1;
  const below = (bound: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
  const skewed = (bound: number): number => {
    const x = below(65_536) / 65_536;
    return Math.floor(bound * x * x * x);
  };
  const first = hosts[0] ?? '';
  return {
    below,
    skewed,
    index: 0,
    seconds: '',
    client: first,
    clientPort: 0,
    server: first,
    serverName: '',
    service: dnsService,
    next(index) {
      this.index = index;
      const micros = Math.floor((index / rows) * dayMicros);
      const whole = Math.floor(micros / 1_000_000);
      this.seconds = `${dayStartSeconds + whole}.${String(micros - whole * 1_000_000 + 1_000_000).slice(1)}`;
      this.client = hosts[skewed(hostCount)] ?? first;
      this.clientPort = 32_768 + below(28_000);
      const server = skewed(serverCount);
      this.server = servers[server] ?? first;
      this.serverName = serverNames[server] ?? '';
      this.service = services[below(services.length)] ?? dnsService;
    },
  };
}
