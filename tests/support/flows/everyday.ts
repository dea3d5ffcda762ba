import type { Random } from '../../fuzz/random.ts';
import { around, at, megabyte, near, outsideAddress, type Connection } from './connections.ts';

export interface Company {
  readonly random: Random;
  readonly days: number;
  readonly workstations: readonly string[];
  readonly servers: readonly string[];
}
type Habit = (company: Company) => Connection[];

/** One entry per day. */
function daily({ days }: Company, make: (day: number) => Connection[]): Connection[] {
  return Array.from({ length: days }, (_none, day) => make(day)).flat();
}

function pickOf(random: Random, list: readonly string[]): string {
  return list[random.below(list.length)] ?? '10.1.0.10';
}

/** Mostly fetched; now and then a form or a picture goes up. */
const browsing: Habit = (company) => {
  const { random, workstations } = company;
  const sites = Array.from({ length: 12 }, (_none, index) => ({
    address: outsideAddress(random),
    name: `www.site${index}.com`,
  }));
  return daily(company, (day) =>
    (day % 7 >= 5 ? [] : workstations).flatMap((source) =>
      Array.from({ length: 6 }, () => {
        const site = sites[random.below(sites.length)] ?? { address: '198.51.100.1', name: 'www.example.org' };
        const sent = random.below(20) === 0 ? around(random, 8 * megabyte) : around(random, 0.05 * megabyte);
        return {
          time: at(random, day, 8 + random.below(9), 60),
          source,
          destination: site.address,
          name: site.name,
          sent,
          received: around(random, 6 * megabyte),
        };
      }),
    ),
  );
};

/** Every night to the same place, from one server or from several; as one stream, or in parts of one size. */
const nightlyBackup: Habit = (company) => {
  const { random, servers } = company;
  const destination = outsideAddress(random);
  const size = random.pick([800, 4000, 20_000]) * megabyte;
  const parts = random.pick([1, 1, 8]);
  const scatter = random.pick([0.001, 0.05, 0.2]);
  const sources = random.below(2) === 0 ? servers : servers.slice(0, 1);
  return daily(company, (day) =>
    sources.flatMap((source) => {
      const part = near(random, size, scatter) / parts;
      return Array.from({ length: parts }, () => ({
        time: at(random, day, 2, 20),
        source,
        destination,
        port: 22,
        sent: part,
        received: part * 0.01,
      }));
    }),
  );
};

/** What changed goes every night, and everything once a week. */
const changesAndAll: Habit = (company) => {
  const { random, servers } = company;
  const destination = outsideAddress(random);
  const source = servers[2] ?? '10.1.1.12';
  return daily(company, (day) => {
    const sent =
      day % 7 === 6
        ? near(random, 15_000 * megabyte, 0.05)
        : 900 * megabyte * Math.exp((random.below(1000) + random.below(1000) - 1000) / 1200);
    return [{ time: at(random, day, 1, 20), source, destination, sent, received: sent * 0.01 }];
  });
};

const weeklyBackup: Habit = (company) => {
  const { random, servers } = company;
  const destination = outsideAddress(random);
  const source = servers[1] ?? '10.1.1.11';
  // With fewer weeks nobody can tell a weekly backup from something else.
  if (company.days < 28) return [];
  return daily(company, (day) =>
    day % 7 === 2
      ? [
          {
            time: at(random, day, 3, 30),
            source,
            destination,
            sent: near(random, 9000 * megabyte, 0.1),
            received: 20 * megabyte,
          },
        ]
      : [],
  );
};

/** Folders that go up as people work: some days much, on most days little. */
const cloudSync: Habit = (company) => {
  const { random, workstations } = company;
  const users =
    random.below(3) === 0 ? workstations.slice(0, 1) : workstations.slice(0, Math.ceil(workstations.length / 2));
  const addresses = Array.from({ length: 4 }, () => outsideAddress(random));
  return daily(company, (day) =>
    users.flatMap((source) => {
      if (day % 7 >= 5 || random.below(10) === 0) return [];
      const size = random.below(6) === 0 ? around(random, 400 * megabyte) : around(random, 60 * megabyte);
      return Array.from({ length: 4 }, () => ({
        time: at(random, day, 9 + random.below(8), 60),
        source,
        destination: pickOf(random, addresses),
        name: `up${random.below(9)}.sync-storage.com`,
        sent: near(random, size / 4, 0.4),
        received: around(random, size / 10),
      }));
    }),
  );
};

/** Calls go both ways. */
const calls: Habit = (company) => {
  const { random, workstations } = company;
  return daily(company, (day) =>
    (day % 7 >= 5 ? [] : workstations.slice(0, 5)).map((source) => {
      const sent = around(random, 500 * megabyte);
      return {
        time: at(random, day, 10, 300),
        source,
        destination: outsideAddress(random),
        port: 3478,
        transport: 'udp',
        sent,
        received: near(random, sent, 0.3),
      };
    }),
  );
};

const speedTest: Habit = (company) => {
  const { random, workstations } = company;
  const source = pickOf(random, workstations);
  const day = random.below(company.days);
  return [
    {
      time: at(random, day, 15, 60),
      source,
      destination: outsideAddress(random),
      sent: 900 * megabyte,
      received: 1500 * megabyte,
    },
  ];
};

/** A mail server talks to many, each a little; more to the large providers. */
const mailServer: Habit = (company) => {
  const { random, servers } = company;
  const provider = outsideAddress(random);
  return daily(company, (day) => [
    ...Array.from({ length: 15 }, () => ({
      time: at(random, day, random.below(24), 60),
      source: servers[0] ?? '10.1.1.10',
      destination: outsideAddress(random),
      port: 25,
      sent: around(random, 3 * megabyte),
      received: 10_000,
    })),
    {
      time: at(random, day, random.below(24), 60),
      source: servers[0] ?? '10.1.1.10',
      destination: provider,
      port: 25,
      sent: around(random, 150 * megabyte),
      received: 200_000,
    },
  ]);
};

/** What outsiders fetch from a server of ours goes out too, but they asked. */
const webServer: Habit = (company) => {
  const { random, servers } = company;
  return daily(company, (day) =>
    Array.from({ length: 10 }, () => ({
      time: at(random, day, random.below(24), 60),
      source: outsideAddress(random),
      destination: servers[2] ?? '10.1.1.12',
      sent: 20_000,
      received: around(random, 600 * megabyte),
    })),
  );
};

/** A build server pushes images on working days; everybody else pushes a little to the same place. */
const pushes: Habit = (company) => {
  const { random, servers, workstations } = company;
  const destination = outsideAddress(random);
  const name = 'registry.code-host.com';
  return daily(company, (day) => {
    if (day % 7 >= 5) return [];
    const build = {
      time: at(random, day, 11, 300),
      source: servers[3] ?? '10.1.1.13',
      destination,
      name,
      sent: around(random, 700 * megabyte),
      received: around(random, 90 * megabyte),
    };
    const people = workstations
      .slice(0, 3)
      .map((source) => ({ ...build, source, time: at(random, day, 9, 400), sent: around(random, 15 * megabyte) }));
    return [build, ...people];
  });
};

/** Somebody sends a large attachment once: under what is worth a word. */
const attachment: Habit = (company) => {
  const { random, workstations } = company;
  return Array.from({ length: 5 }, () => ({
    time: at(random, random.below(company.days), 9 + random.below(8), 60),
    source: pickOf(random, workstations),
    destination: outsideAddress(random),
    name: `drop${random.below(1000)}.send-files${random.below(1000)}.com`,
    sent: around(random, 60 * megabyte),
    received: 300_000,
  }));
};

/** A camera uploads clip after clip, all day long. */
const camera: Habit = (company) => {
  const { random } = company;
  const destination = outsideAddress(random);
  return daily(company, (day) =>
    Array.from({ length: 12 }, (_none, index) => ({
      time: at(random, day, index * 2, 20),
      source: '10.1.3.7',
      destination,
      sent: near(random, 12 * megabyte, 0.01),
      received: 30_000,
    })),
  );
};

const habits: readonly Habit[] = [
  browsing,
  nightlyBackup,
  changesAndAll,
  weeklyBackup,
  cloudSync,
  calls,
  speedTest,
  mailServer,
  webServer,
  pushes,
  attachment,
  camera,
];

/** Everything that a company sends and fetches without a theft. */
export function everydayConnections(company: Company): Connection[] {
  return habits.flatMap((habit) => habit(company));
}
