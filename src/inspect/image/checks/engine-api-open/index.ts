import { isLoopback } from '../../../exposure/sockets.ts';
import { defineCheck, type Scene } from '../../check.ts';
import type { ApiAddress, Engine } from '../../inputs/engine.ts';
import { formatPlace, type Place } from '../../inputs/place.ts';
import { cis } from '../_shared/references.ts';

interface OpenApi {
  readonly host: string;
  readonly port: number;
  readonly sources: { readonly told: string; readonly at: Place }[];
}

export const check = defineCheck({
  id: 'engine-api-open',
  title: "engine's API open without a key",
  severity: 'critical',
  why: 'Whoever reaches this port starts a privileged container and owns the host; it is looked for on the Internet all day long.',
  fix: 'take `-H tcp://…` away and use `ssh://`, or ask for client certificates (`--tlsverify`)',
  vanishes: 'the API listened on its socket only, or asked for certificates',
  references: cis('2.7'),
  guide: ['C07'],
  attack: ['T1190', 'T1610'],
  *engine(engine, scene) {
    if (engine.tlsVerify?.value === true) return;
    for (const { host, port, sources } of openApis(engine, scene)) {
      const [first] = sources;
      if (first === undefined) continue;
      const isLocal = isLoopback(host) || host === 'localhost';
      yield {
        at: first.at,
        what: `listens on ${host === '' ? 'every address' : host}, port ${port}, without asking for a certificate`,
        severity: isLocal ? 'high' : 'critical',
        reasons: sources.map(({ told, at }) => ({ what: 'told by', value: `${told}, ${formatPlace(at)}` })),
      };
    }
  },
});

const told: Readonly<Record<ApiAddress['source'], string>> = {
  flag: 'the command line of the engine',
  setting: 'its settings',
  'socket-unit': 'its socket unit',
  listening: 'a listening socket',
  warning: "the engine's own warning",
};

/** Each port once, whoever tells of it. */
function openApis(engine: Engine, { host: { sockets } }: Scene): OpenApi[] {
  const open = new Map<number, OpenApi>();
  const add = (host: string, port: number, by: string, at: Place): void => {
    const known = open.get(port) ?? { host, port, sources: [] };
    known.sources.push({ told: by, at });
    open.set(port, known);
  };
  for (const { address, source, at } of engine.apiAddresses) {
    const groups = /^tcp:\/\/(?<host>\[[^\]]*\]|[^:/]*)(?::(?<port>\d+))?/.exec(address)?.groups;
    if (groups === undefined) continue;
    const host = (groups['host'] ?? '').replace(/^(?:0\.0\.0\.0|\[::\]|\*)$/, '');
    add(host, Number(groups['port'] ?? 2375), told[source], at);
  }
  for (const { path, sockets: listening } of sockets) {
    for (const { address, port, programs, line } of listening) {
      const isEngine = programs.some((program) => /^(?:dockerd|podman|containerd)$/.test(program));
      if (isEngine && port !== 2376) add(address, port, told.listening, { path, line });
      else if (port === 2375) add(address, port, told.listening, { path, line });
    }
  }
  for (const { sources } of open.values()) sources.sort((a, b) => weight(a.told) - weight(b.told));
  return [...open.values()];
}

/** What is set proves most, then what listens. */
function weight(by: string): number {
  return Object.values(told).indexOf(by);
}
