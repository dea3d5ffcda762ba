import { findBypasses, type Bypass } from '../../../exposure/bypass.ts';
import type { Firewall } from '../../../exposure/firewall.ts';
import { mergeCaptures } from '../../../exposure/merge.ts';
import { ufwAllows } from '../../../exposure/ufw.ts';
import { defineCheck, type Fault, type Scene } from '../../check.ts';
import type { HostCapture } from '../../inputs/host.ts';
import type { Place } from '../../inputs/place.ts';
import { isPublishedOutside } from '../../inputs/workload.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'firewall-bypass',
  title: 'published port that goes around the firewall',
  severity: 'high',
  why: 'The engine redirects packets before the rules of ufw for incoming traffic are asked: `ufw deny` changes nothing for published ports.',
  fix: 'publish on 127.0.0.1, or drop in the chain DOCKER-USER what does not come from where it may (`ufw route` with the rules of ufw-docker)',
  vanishes: 'DOCKER-USER turned strangers away, or the port were published on loopback',
  references: docs('https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw'),
  guide: ['C24'],
  attack: ['T1190', 'T1133'],
  *host(host, scene) {
    yield* host.firewalls.length > 0 ? aroundRules(host) : aroundUfw(host, scene);
  },
});

/** Of a port in front of which a rule turns away by a condition that is not understood. */
const doubtedScore = 0.6;

interface Found {
  readonly bypass: Bypass;
  readonly places: Place[];
}

/** With the rules at hand: packets of strangers are walked through them. */
function* aroundRules(host: HostCapture): Generator<Fault> {
  const found = new Map<string, Found>();
  for (const firewall of mergeCaptures(host.firewalls, host.ipSets)) {
    const { bypasses, isComplete } = findBypasses(firewall);
    const path = pathOf(firewall);
    if (!isComplete) {
      yield {
        at: { path },
        what: 'has more rules than are walked: ports may be missing',
        severity: 'info',
        score: 0.3,
      };
    }
    for (const bypass of bypasses) {
      const key = `${firewall.family} ${bypass.protocol} ${bypass.port} ${bypass.address} ${bypass.hostAddress}`;
      const known = found.get(key) ?? { bypass, places: [] };
      const { redirectLine, redirectPath = path, acceptLine = redirectLine } = bypass;
      known.places.push({ path: redirectPath, line: redirectLine });
      known.places.push({ path: bypass.acceptPath ?? redirectPath, line: acceptLine });
      found.set(key, known);
    }
  }
  for (const { bypass, places } of found.values()) {
    const container = host.containersByAddress.get(bypass.address);
    const [first] = places;
    if (first !== undefined) yield faultOf(bypass, container, first, places, host);
  }
}

/** The file of its first rule. */
function pathOf({ chains }: Firewall): string {
  for (const { rules } of chains.values()) if (rules[0]?.path !== undefined) return rules[0].path;
  return '';
}

function faultOf(
  bypass: Bypass,
  container: string | undefined,
  at: Place,
  places: readonly Place[],
  host: HostCapture,
): Fault {
  const { port, protocol, address, receiverPort, doubt } = bypass;
  const whose = container === undefined ? address : `the container ${container} (${address})`;
  const way = bypass.interface === '' ? 'from anywhere' : `from anywhere, in by ${bypass.interface}`;
  const ufw = host.ufw.find(({ status }) => status.isActive);
  return {
    at,
    ...(doubt === undefined ? {} : { score: doubtedScore }),
    what: `${doubt === undefined ? 'lets' : 'most likely lets'} strangers ${bypass.interface === '' ? '' : `who come in by ${bypass.interface} `}to port ${port}/${protocol}, port ${receiverPort} of ${whose}, although its own rules close the port`,
    reasons: [
      { what: 'reachable', value: way },
      ...(ufw === undefined
        ? []
        : [{ what: 'ufw', value: `active; port ${port} ${ufwWord(ufwAllows(ufw.status, port, protocol))}` }]),
      ...places.map(({ path, line }) => ({ what: 'rule', value: `${path}:${line ?? 0}` })),
      ...(doubt === undefined
        ? []
        : [
            {
              what: 'not understood',
              value: `${doubt.path ?? at.path}:${doubt.line} turns away by ${doubt.condition}`,
            },
          ]),
    ],
    entities:
      container === undefined ? [{ kind: 'address', value: address }] : [{ kind: 'container', value: container }],
  };
}

function ufwWord(isAllowed: boolean | undefined): string {
  if (isAllowed === undefined) return 'not named';
  return isAllowed ? 'allowed' : 'not allowed';
}

/** Without the rules: an engine that writes its own opens each published port that ufw closes. */
function* aroundUfw({ ufw }: HostCapture, { workloads, engine }: Scene): Generator<Fault> {
  const active = ufw.find(({ status }) => status.isActive);
  if (active === undefined || engine?.iptables?.value === false || engine?.rootless?.value === true) return;
  for (const { name, ports, state } of workloads) {
    if (state !== undefined && state !== 'running') continue;
    for (const published of ports) {
      const { hostPort, protocol, port, at } = published;
      if (hostPort === 0 || !isPublishedOutside(published) || ufwAllows(active.status, hostPort, protocol) !== false) {
        continue;
      }
      yield {
        at,
        what: `most likely lets strangers to port ${hostPort}/${protocol}, port ${port} of the container ${name}, although ufw closes it`,
        score: 0.7,
        entities: [{ kind: 'container', value: name }],
        reasons: [
          { what: 'not seen', value: 'the rules themselves (iptables-save): DOCKER-USER may turn strangers away' },
        ],
      };
    }
  }
}
