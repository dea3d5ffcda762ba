/** A machine of Fjord & Co. */
export interface Host {
  readonly name: string;
  readonly ip: string;
  /** Set on the few that also have IPv6. */
  readonly ip6?: string;
  readonly mac: string;
}

export interface Workstation extends Host {
  readonly number: number;
  readonly role: 'office' | 'sales' | 'design' | 'developer' | 'admin';
  readonly isLaptop: boolean;
  readonly browser: 'gecko' | 'chromium';
  /** Hour at which its user starts to work, with a fraction. */
  readonly startHour: number;
}

export const insideDomain = 'corp.fjord.example';
/** What the sensors were told is inside (Zeek `Site::local_nets`). */
const insideNetworks = { v4: '10.20.', v6: '2001:db8:20:' } as const;

/** Addresses from the documentation block of MAC addresses (RFC 7042, 2.1.2). */
function mac(last: number): string {
  return `00:00:5e:00:53:${last.toString(16).padStart(2, '0')}`;
}

function server(name: string, last: number): Host {
  return { name, ip: `10.20.30.${last}`, mac: mac(last) };
}

const gateway: Host = server('gw01', 1);
/** Resolver, DHCP and time for everybody. */
export const dnsServer: Host = server('dns01', 10);
export const mailServer: Host = server('mail01', 15);
export const fileServer: Host = server('files01', 16);
export const monitoringServer: Host = server('mon01', 18);
export const dockerHost: Host = server('dockerhost1', 20);
export const gitServer: Host = server('git01', 22);
export const servers: readonly Host[] = [
  gateway,
  dnsServer,
  mailServer,
  fileServer,
  monitoringServer,
  dockerHost,
  gitServer,
];

export const printers: readonly Host[] = [11, 12, 13].map((last, index) => ({
  name: `prn-${index + 1}`,
  ip: `10.20.20.${last}`,
  mac: mac(0x40 + index),
}));

const developers = new Set([4, 11, 19]);
const admins = new Set([24]);
const designers = new Set([8, 15]);
const sellers = new Set([3, 9, 12, 17, 21]);

export const workstations: readonly Workstation[] = Array.from({ length: 25 }, (_none, index) => {
  const number = index + 1;
  const isLaptop = number % 3 === 0 || number === 4 || number === 11;
  return {
    number,
    name: `ws-${String(number).padStart(2, '0')}`,
    ip: `10.20.10.${100 + number}`,
    ...(number % 5 === 1 ? { ip6: `2001:db8:20:10::${(100 + number).toString(16)}` } : {}),
    mac: mac(0x80 + number),
    role: roleOf(number),
    isLaptop,
    browser: number % 6 === 2 ? 'chromium' : 'gecko',
    startHour: 7.5 + ((number * 7) % 11) / 6,
  };
});

function roleOf(number: number): Workstation['role'] {
  if (developers.has(number)) return 'developer';
  if (admins.has(number)) return 'admin';
  if (designers.has(number)) return 'design';
  return sellers.has(number) ? 'sales' : 'office';
}

/** The workstation of that number, from 1 to 25. */
export function workstation(number: number): Workstation {
  const found = workstations[number - 1];
  if (found === undefined) throw new RangeError(`there is no workstation ${number}`);
  return found;
}

export function isInside(ip: string): boolean {
  return ip.startsWith(insideNetworks.v4) || ip.startsWith(insideNetworks.v6);
}

export const userAgents = {
  gecko: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  chromium:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36',
  apt: 'Debian APT-HTTP/1.3 (2.6.1)',
  java: 'Java/1.8.0_181',
  curl: 'curl/7.64.0',
} as const;
