import { microsPerDay, microsPerHour, microsPerMinute } from '../../../src/base/time.ts';
import type { VakthundEvent } from '../../../src/events/event.ts';
import type { Random } from '../../fuzz/random.ts';
import { event } from '../event-store.ts';
import { between, pause, randomText, word, type Lookup } from './records.ts';

/** A network in which things happen, and where they are written. */
export interface Office {
  readonly random: Random;
  readonly start: number;
  readonly clients: readonly string[];
  readonly resolver: string;
  /** Records of connections that follow look-ups go here; absent when the network keeps none. */
  readonly connections: VakthundEvent[] | undefined;
}
type Habit = (office: Office) => Lookup[];

/** Look-ups of one client, one after another. */
function series(
  { random, start, resolver }: Office,
  client: string,
  count: number,
  meanSeconds: number,
  make: (index: number) => Pick<Lookup, 'name' | 'type' | 'answers'> & Partial<Lookup>,
): Lookup[] {
  let time = start + random.below(microsPerHour);
  return Array.from({ length: count }, (_none, index) => {
    time += pause(random, meanSeconds);
    return { time, client, resolver, ...make(index) };
  });
}

function someClient({ random, clients }: Office): string {
  return clients[random.below(clients.length)] ?? '10.0.0.1';
}

function address(random: Random): string {
  return `198.51.${between(random, 1, 250)}.${between(random, 1, 250)}`;
}

/** The connection that a look-up was made for, as a flow and sometimes a TLS handshake. */
function connect({ random, connections }: Office, lookup: Lookup): void {
  const [ip] = lookup.answers ?? [];
  if (connections === undefined || ip === undefined) return;
  const ends = { source_ip: lookup.client, destination_ip: ip, destination_port: 443, network_transport: 'tcp' };
  const uid = `C${connections.length}`;
  connections.push(event('flow', { ...ends, uid, time: lookup.time + 40_000, conn_state: 'SF' }));
  if (random.below(2) === 0) {
    connections.push(event('tls', { ...ends, uid, time: lookup.time + 60_000, tls_client_server_name: lookup.name }));
  }
}

/** Reputation of files: the hash in the name, the verdict in the answer. */
const antivirus: Habit = (office) => {
  const { random } = office;
  const zone = random.pick(['avqs.mcafee.com', 'rep.av-vendor.example', 'lookup.filerep.net']);
  const length = random.pick([26, 32, 40]);
  const everyone = random.below(2) === 0 ? office.clients : [someClient(office)];
  return everyone.flatMap((client) =>
    series(office, client, between(random, 20, Math.max(21, Math.floor(300 / everyone.length))), 20, () => ({
      name: `0.0.0.0.1.0.0.4e.${randomText(random, length, 'hex')}.${zone}`,
      type: 'A',
      answers: random.below(4) > 0 ? [`127.161.0.${between(random, 2, 9)}`] : [],
    })),
  );
};

const blockLists: Habit = (office) => {
  const { random } = office;
  const mailServer = someClient(office);
  const octets = (count: number): string => Array.from({ length: count }, () => random.below(256)).join('.');
  const zone = random.pick(['zen.spamhaus.org', 'bl.spamcop.net', 'dnsbl.unlisted.example']);
  return [
    ...series(office, mailServer, 300, 30, () => ({
      name: `${octets(4)}.${zone}`,
      type: 'A',
      answers: random.below(5) === 0 ? ['127.0.0.2'] : [],
    })),
    ...series(office, mailServer, 60, 30, () => ({
      name: `${Array.from({ length: 32 }, () => randomText(random, 1, 'hex')).join('.')}.dnsbl6.unlisted.example`,
      type: 'A',
      answers: [],
    })),
    ...series(office, mailServer, 150, 60, () => ({
      name: `${word(random)}-${word(random)}.com.multi.uribl.com`,
      type: 'A',
      answers: [],
    })),
    ...series(office, mailServer, 150, 60, (index) => ({
      name: `${randomText(random, 40, 'hex')}.hashbl.unlisted.example`,
      type: 'A',
      answers: index % 20 === 0 ? ['127.0.0.2'] : [],
    })),
  ];
};

const reverse: Habit = (office) => {
  const { random } = office;
  return series(office, someClient(office), 400, 2, (index) => ({
    name:
      index % 4 === 0
        ? `${Array.from({ length: 32 }, () => randomText(random, 1, 'hex')).join('.')}.ip6.arpa`
        : `${index % 256}.${random.below(256)}.0.10.in-addr.arpa`,
    type: 'PTR',
    answers: [],
  }));
};

/** Names of content networks and clouds, which connections follow. */
const clouds: Habit = (office) => {
  const { random } = office;
  const makers: readonly (() => string)[] = [
    () => `d${randomText(random, 13, 'base36')}.cloudfront.net`,
    () => `r${between(random, 1, 9)}---sn-${randomText(random, 8, 'base36')}.googlevideo.com`,
    () => `${randomText(random, 32, 'hex')}.safeframe.googlesyndication.com`,
    () => `${randomText(random, between(random, 9, 13), 'base36')}.pull-zone.example`,
    () => `ipv4-c${between(random, 1, 300)}-ams00${between(random, 1, 9)}-ix.1.oca.nflxvideo.net`,
    () =>
      `${randomText(random, 8, 'hex')}-${randomText(random, 4, 'hex')}-${randomText(random, 12, 'hex')}.apps.cloud-host.example`,
  ];
  return makers.flatMap((make) => {
    const lookups = series(office, someClient(office), between(random, 20, 60), 200, () => ({
      name: make(),
      type: 'A',
      answers: [address(random)],
    }));
    for (const lookup of lookups) if (random.below(5) > 0) connect(office, lookup);
    return lookups.flatMap((lookup) => [lookup, { ...lookup, type: 'AAAA', answers: ['64:ff9b::c633:6419'] }]);
  });
};

/** One id for each machine, asked for again and again; seen from the machines, or from the resolver that asks for all. */
const telemetry: Habit = (office) => {
  const { random } = office;
  const isOutside = random.below(2) === 0;
  return office.clients.flatMap((client) => {
    const name = `${randomText(random, 32, 'hex')}.metrics.vendor.example`;
    return series(office, isOutside ? office.resolver : client, 30, 3600, () => ({
      name,
      type: 'A',
      answers: ['203.0.113.7'],
    }));
  });
};

/** What a mail server and a certificate authority ask for. */
const mail: Habit = (office) => {
  const { random } = office;
  const mailServer = someClient(office);
  const txt = (name: string, answer: string) => ({ name, type: 'TXT', answers: [`TXT ${answer.length} ${answer}`] });
  const key = (): string => `v=DKIM1; k=rsa; p=MIGfMA0GCSq${randomText(random, 180, 'base64url')}`;
  return [
    ...series(office, mailServer, 100, 60, () => txt(`${randomText(random, 32, 'base32')}.dkim.amazonses.com`, key())),
    ...series(office, mailServer, 100, 60, () =>
      txt(`${randomText(random, 10, 'base36')}._domainkey.${word(random)}.example`, key()),
    ),
    ...series(office, mailServer, 100, 60, () =>
      txt(`_dmarc.${word(random)}-${word(random)}.example`, 'v=DMARC1; p=none'),
    ),
    ...series(office, mailServer, 60, 60, () =>
      txt(`${word(random)}${random.below(50)}.mail-host.example`, 'v=spf1 include:_spf.mail-host.example -all'),
    ),
    ...series(office, mailServer, 60, 60, () =>
      txt(`_acme-challenge.${word(random)}-${word(random)}.hosting.example`, randomText(random, 43, 'base64url')),
    ),
  ];
};

const directory: Habit = (office) => {
  const { random, clients } = office;
  const own = 'corp.example';
  return [
    ...clients.flatMap((client) =>
      series(office, client, 12, 7200, () => ({
        name: random.pick([
          `_ldap._tcp.${word(random)}._sites.dc._msdcs.${own}`,
          `_ldap._tcp.dc._msdcs.${own}`,
          `_kerberos._tcp.${own}`,
          `_gc._tcp.${own}`,
        ]),
        type: 'SRV',
        answers: [`dc01.${own}`],
      })),
    ),
    ...series(office, someClient(office), 300, 5, (index) => ({
      name: `desktop-${randomText(random, 7, 'base36')}.${own}`,
      type: 'A',
      answers: [`10.20.${Math.floor(index / 250)}.${(index % 250) + 1}`],
    })),
    ...series(office, someClient(office), 80, 900, () => ({
      name: `${randomText(random, between(random, 7, 15), 'letters')}.${own}`,
      type: 'A',
      answers: [],
    })),
    ...series(office, someClient(office), 80, 900, () => ({
      name: randomText(random, between(random, 7, 15), 'letters'),
      type: 'A',
      answers: [],
    })),
    ...series(office, someClient(office), 100, 30, () => ({
      name: `${randomText(random, 8, 'hex')}-${randomText(random, 12, 'hex')}.local`,
      type: 'A',
      answers: [],
    })),
  ];
};

/** Long names that somebody made up. */
const worded: Habit = (office) => {
  const { random } = office;
  const crawler = series(office, someClient(office), 400, 10, () => ({
    name: `${word(random)}${word(random)}${random.below(2000)}.blog-host.example`,
    type: 'A',
    answers: [address(random)],
  }));
  for (const lookup of crawler) connect(office, lookup);
  return [
    ...series(office, someClient(office), 400, 20, () => ({
      name: `${word(random)}-${word(random)}-${word(random)}.${word(random)}.${random.pick(['eu', 'us', 'ap'])}-${random.pick(['west', 'east'])}-${between(random, 1, 3)}.service.vendor.example`,
      type: 'A',
      answers: [address(random)],
    })),
    ...crawler,
  ];
};

const habits: readonly Habit[] = [antivirus, blockLists, reverse, clouds, telemetry, mail, directory, worded];

/** Everything that a network asks for without any tunnel. */
export function everydayLookups(office: Office): Lookup[] {
  const { random, clients, start } = office;
  const lookups = habits.flatMap((habit) => habit(office));
  for (const client of clients) {
    for (let index = 0; index < 10; index++) {
      const lookup = {
        client,
        resolver: office.resolver,
        name: `www.${word(random)}.com`,
        type: 'A',
        answers: [address(random)],
      };
      lookups.push({ ...lookup, time: start + random.below(microsPerDay) + microsPerMinute });
    }
  }
  return lookups;
}
