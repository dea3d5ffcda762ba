import type { Micros } from '../../../src/base/time.ts';
import { dayEnd, dayStart, seconds } from '../base/clock.ts';
import { digest, numberOf } from '../base/ids.ts';
import type { Scene } from '../model/scene.ts';
import { ask, type Question } from '../traffic/dns.ts';
import { tcp } from '../traffic/tcp.ts';
import { tlsSession } from '../traffic/tls.ts';
import { insideDomain, mailServer, workstations } from '../world/hosts.ts';
import { endOfWork, startOfWork, visitorWeight } from './schedule.ts';

const blockLists = ['zen.blokkliste.example', 'b.bardlist.example'];
const senders = [
  'nordpost.example',
  'frakttorget.example',
  'lampehuset.example',
  'trykkeri.example',
  'paywell.example',
];

/** Mail in and out, with the look-ups that a mail server makes for each sender: block lists, SPF, DKIM, reverse names. */
export function mail(scene: Scene): void {
  for (let count = 0; count < 36; count++) {
    const time = anyTime(scene);
    if (scene.rng.chance(visitorWeight(time))) receive(scene, time);
  }
  for (let count = 0; count < 36; count++) refuseSpam(scene, anyTime(scene));
  for (let count = 0; count < 18; count++) {
    const station = scene.rng.pick(workstations);
    const time = startOfWork(station) + Math.floor(scene.rng.fraction() * (endOfWork(station) - startOfWork(station)));
    send(scene, time);
  }
  for (const station of workstations) keepMailboxOpen(scene, station.ip, startOfWork(station), endOfWork(station));
}

function anyTime(scene: Scene): Micros {
  return dayStart + Math.floor(scene.rng.fraction() * (dayEnd - dayStart - seconds(300)));
}

function receive(scene: Scene, time: Micros): void {
  const domain = scene.rng.pick(senders);
  const address = mailAddress(domain);
  tlsSession(scene, {
    time,
    client: address,
    name: `mail.${insideDomain}`,
    address: mailServer.ip,
    port: 25,
    tls: 'tls13',
    hello: 'mail',
    hasServerName: false,
    within: 'smtp',
    upBytes: scene.rng.skewed(4_000, 900_000),
    downBytes: 1_100,
    durationMicros: seconds(scene.rng.integer(2, 14)),
  });
  lookUpSender(scene, time + 40_000, address, `mx1.${domain}`, undefined);
  for (const question of senderPolicy(domain)) ask(scene, time + seconds(1.1), mailServer.ip, [question], 'fetched');
}

/** Each spammer has another address, so each makes new names under the block lists. */
function refuseSpam(scene: Scene, time: Micros): void {
  const client = `203.0.113.${scene.rng.integer(178, 250)}`;
  tcp(scene, {
    time,
    client,
    clientPort: scene.rng.integer(20_000, 64_000),
    server: mailServer.ip,
    serverPort: 25,
    upBytes: 96 + scene.rng.integer(0, 40),
    downBytes: 231,
    durationMicros: seconds(scene.rng.integer(1, 4)),
    services: ['smtp'],
    appProto: 'smtp',
  });
  lookUpSender(scene, time + 40_000, client, undefined, '127.0.0.4');
}

function lookUpSender(
  scene: Scene,
  time: Micros,
  address: string,
  hostName: string | undefined,
  verdict: string | undefined,
): void {
  const reversed = address.split('.').reverse().join('.');
  const lookUp = (at: Micros, name: string, type: 'A' | 'PTR', data: string | undefined): void => {
    const answers = data === undefined ? [] : [{ name, type, ttlSeconds: 900, data }];
    const responseCode = data === undefined ? 'NXDOMAIN' : 'NOERROR';
    ask(scene, at, mailServer.ip, [{ name, type, answers, responseCode }], 'fetched');
  };
  lookUp(time, `${reversed}.in-addr.arpa`, 'PTR', hostName);
  for (const list of blockLists) lookUp(time + 20_000, `${reversed}.${list}`, 'A', verdict);
}

/** SPF and DKIM: long TXT answers. */
function senderPolicy(domain: string): Question[] {
  const key = Buffer.from(digest('sha256', `dkim ${domain}`).repeat(4), 'hex').toString('base64');
  const texts: readonly (readonly [string, string])[] = [
    [domain, `v=spf1 ip4:${mailAddress(domain)} include:_spf.${domain} -all`],
    [`s2026._domainkey.${domain}`, `v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A${key}`],
  ];
  return texts.map(([name, data]) => ({
    name,
    type: 'TXT',
    answers: [{ name, type: 'TXT', ttlSeconds: 3600, data }],
  }));
}

function send(scene: Scene, time: Micros): void {
  const domain = scene.rng.pick(senders);
  const exchanger = `mx1.${domain}`;
  const route = [{ name: domain, type: 'MX', ttlSeconds: 3600, data: exchanger }];
  const address = [{ name: exchanger, type: 'A', ttlSeconds: 3600, data: mailAddress(domain) }];
  ask(scene, time, mailServer.ip, [{ name: domain, type: 'MX', answers: route }], 'fetched');
  const ready = ask(
    scene,
    time + 150_000,
    mailServer.ip,
    [{ name: exchanger, type: 'A', answers: address }],
    'fetched',
  );
  tlsSession(scene, {
    time: ready + 900,
    client: mailServer.ip,
    name: exchanger,
    address: mailAddress(domain),
    port: 25,
    tls: 'tls13',
    hello: 'mail',
    within: 'smtp',
    upBytes: scene.rng.skewed(6_000, 2_400_000),
    downBytes: 1_300,
    durationMicros: seconds(scene.rng.integer(2, 9)),
  });
}

/** IMAP with IDLE: one connection for the whole working day. */
function keepMailboxOpen(scene: Scene, client: string, from: Micros, to: Micros): void {
  const name = `mail.${insideDomain}`;
  const answers = [{ name, type: 'A', ttlSeconds: 3600, data: mailServer.ip }];
  const ready = ask(scene, from + seconds(scene.rng.around(110, 0.8)), client, [{ name, type: 'A', answers }], 'own');
  tlsSession(scene, {
    time: ready + 1_200,
    client,
    name,
    address: mailServer.ip,
    port: 993,
    tls: 'tls12',
    hello: 'system',
    upBytes: scene.rng.integer(40_000, 160_000),
    downBytes: scene.rng.skewed(600_000, 22_000_000),
    durationMicros: to - ready - seconds(scene.rng.integer(10, 600)),
  });
}

function mailAddress(domain: string): string {
  if (domain === 'paywell.example') return '203.0.113.91';
  return `198.51.100.${60 + numberOf(`mail ${domain}`, 12)}`;
}
