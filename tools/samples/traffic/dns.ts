import type { Micros } from '../../../src/base/time.ts';
import type { DnsAnswer, DnsTransaction } from '../model/network.ts';
import type { Scene } from '../model/scene.ts';
import { dnsServer } from '../world/hosts.ts';
import type { Site } from '../world/sites.ts';
import { udp } from './datagrams.ts';
import { ephemeralPort } from './flow.ts';

export interface Question {
  readonly name: string;
  readonly type: string;
  readonly answers: readonly DnsAnswer[];
  readonly responseCode?: DnsTransaction['responseCode'];
  readonly isAuthoritative?: boolean;
}

/** How the resolver came by the answer: from its memory, from a server outside, or from its own zone. */
type Origin = 'cached' | 'fetched' | 'own';

const headerBytes = 12;
/** Root name, type, class, size, length: every current client sends EDNS. */
const ednsBytes = 11;

/** Questions sent from one socket, each with its answer. Returns when the last answer came. */
export function ask(
  scene: Scene,
  time: Micros,
  client: string,
  questions: readonly Question[],
  origin: Origin,
): Micros {
  const rtts = questions.map(() =>
    origin === 'fetched' ? scene.rng.skewed(9_000, 140_000) : scene.rng.integer(300, 900),
  );
  const longest = Math.max(...rtts);
  const flow = udp(scene, {
    time,
    client,
    clientPort: ephemeralPort(scene, client),
    server: dnsServer.ip,
    serverPort: 53,
    up: { bytes: sum(questions.map(questionBytes)), packets: questions.length },
    down: { bytes: sum(questions.map(answerBytes)), packets: questions.length },
    durationMicros: longest,
    services: ['dns'],
    appProto: 'dns',
  });
  for (const [index, question] of questions.entries()) {
    scene.evidence.dns.push({
      flow,
      time: time + index * 40,
      id: scene.rng.integer(1, 65_535),
      name: question.name,
      type: question.type,
      responseCode: question.responseCode ?? 'NOERROR',
      answers: question.answers,
      rttMicros: rtts[index] ?? longest,
      isAuthoritative: question.isAuthoritative ?? origin === 'own',
    });
  }
  return time + longest;
}

/** The questions that lead to a site's address. `HTTPS` is what browsers ask besides. */
export function siteQuestions(site: Site, types: readonly ('A' | 'AAAA' | 'HTTPS')[], ttlSeconds: number): Question[] {
  return types.map((type) => {
    const target = site.alias ?? site.name;
    const aliases: DnsAnswer[] =
      site.alias === undefined ? [] : [{ name: site.name, type: 'CNAME', ttlSeconds: 300, data: site.alias }];
    const data = { A: site.address, AAAA: site.address6, HTTPS: undefined }[type];
    const found = data === undefined ? [] : [{ name: target, type, ttlSeconds, data }];
    return { name: site.name, type, answers: [...aliases, ...found] };
  });
}

function nameBytes(name: string): number {
  return name.length + 2;
}

function questionBytes(question: Question): number {
  return headerBytes + nameBytes(question.name) + 4 + ednsBytes;
}

function answerBytes(question: Question): number {
  return questionBytes(question) + sum(question.answers.map((answer) => 12 + dataBytes(answer)));
}

function dataBytes(answer: DnsAnswer): number {
  if (answer.type === 'A') return 4;
  if (answer.type === 'AAAA') return 16;
  return answer.data.length + 2;
}

function sum(list: readonly number[]): number {
  return list.reduce((total, value) => total + value, 0);
}
