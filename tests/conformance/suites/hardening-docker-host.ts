import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Claim } from '../../../src/inspect/claim.ts';
import { checksCiting, claimsAbout, judge, type Case } from '../hardening/cases.ts';
import { claimsIn } from '../hardening/check-folder.ts';
import type { Suite, SuiteResult } from '../suite.ts';

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly Env?: readonly string[] | null; readonly User?: string };
  readonly HostConfig: Readonly<Record<string, unknown>>;
  readonly Mounts?: readonly { readonly Type: string; readonly Source: string }[];
  readonly NetworkSettings: {
    readonly Ports?: Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>>;
  };
}

/**
 * A captured host with an engine: what its containers were started with is found, what docker-bench found is found, what it got wrong
 * is not, and the ports around the firewall are those of the rules. The container in which all is right has no finding.
 */
export const suite: Suite = {
  id: 'hardening/docker-host',
  run(corpus): Promise<SuiteResult> {
    const folder = join(corpus, 'image', 'hardening', 'docker-host');
    if (!existsSync(folder)) return Promise.resolve({ total: 0, passed: 0, skipped: 0, failed: [] });
    const names = readdirSync(folder);
    const claims = claimsIn(folder, '/');
    const containers = names
      .filter((name) => /^inspect-.*\.json$/.test(name))
      .flatMap((name) => readInspected(join(folder, name)));
    return Promise.resolve(
      judge([
        ...containers.flatMap((container) => casesOf(container, claims)),
        ...benchCases(folder, claims),
        ...names.filter((name) => name.startsWith('iptables-save')).flatMap((name) => firewallCases(folder, name)),
        ...apiCases(folder, claims),
      ]),
    );
  },
};

function readInspected(path: string): Inspected[] {
  return JSON.parse(readFileSync(path, 'utf8')) as Inspected[];
}

const dangerous = [
  'privileged',
  'dangerous-capabilities',
  'seccomp-off',
  'engine-socket',
  'host-path',
  'host-network',
  'host-pid',
];
const others = [
  'host-ipc',
  'host-uts',
  'host-user-namespace',
  'host-devices',
  'secret-in-environment',
  'published-port',
  'ssh-service',
];

/** What the way in which a container was started asks for, and nothing besides. */
function casesOf(container: Inspected, claims: readonly Claim[]): Case[] {
  const name = container.Name.replace(/^\//, '');
  const got = [...new Set(claimsAbout(claims, name).map(({ detector }) => detector.slice('checks/'.length)))];
  const judged = [...dangerous, ...others];
  const wanted = wantedFor(container);
  const cases: Case[] = judged
    .filter((id) => wanted.has(id) || got.includes(id))
    .map((id) => ({
      name: `${name}: ${id}`,
      got: got.includes(id) ? 'found' : 'not found',
      want: wanted.has(id) ? 'found' : 'not found',
    }));
  if (isExemplary(container)) cases.push({ name: `${name}: quiet`, got: got.join(' '), want: '' });
  return cases;
}

/** What nobody need ask for: what Docker gives to every container, without forging packets and handing capabilities on. */
const defaultCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
const engineSocket = /(?:docker|podman|containerd|crio)\.sock$/;
const systemFolder = /^\/(?:(?:etc|root|home|usr|boot|proc|sys|tmp|var|dev|opt|lib|lib64|bin|sbin|run)(?:\/.*)?)?$/;

function wantedFor({ Config, HostConfig, Mounts = [], NetworkSettings }: Inspected): Set<string> {
  const bindings = Object.entries(NetworkSettings.Ports ?? {}).flatMap(([port, hosts]) =>
    (hosts ?? []).map(({ HostIp }) => ({ port, isOpen: !HostIp.startsWith('127.') && HostIp !== '::1' })),
  );
  const added = textsOf(HostConfig['CapAdd']).map((name) => name.toUpperCase().replace(/^CAP_/, ''));
  const wanted: Readonly<Record<string, boolean>> = {
    privileged: HostConfig['Privileged'] === true,
    'dangerous-capabilities': added.some((name) => !defaultCapabilities.has(name)),
    'seccomp-off': textsOf(HostConfig['SecurityOpt']).includes('seccomp=unconfined'),
    'engine-socket': Mounts.some(({ Source }) => engineSocket.test(Source)),
    'host-path': Mounts.some(
      ({ Type, Source }) => Type === 'bind' && systemFolder.test(Source) && !engineSocket.test(Source),
    ),
    'host-network': HostConfig['NetworkMode'] === 'host',
    'host-pid': HostConfig['PidMode'] === 'host',
    'host-ipc': HostConfig['IpcMode'] === 'host',
    'host-uts': HostConfig['UTSMode'] === 'host',
    'host-user-namespace': HostConfig['UsernsMode'] === 'host',
    'host-devices': ((HostConfig['Devices'] ?? []) as unknown[]).length > 0,
    'secret-in-environment': (Config.Env ?? []).some((line) => secretVariable.test(line)),
    'published-port': bindings.some(({ isOpen }) => isOpen),
    'ssh-service': bindings.some(({ port }) => port === '22/tcp'),
  };
  return new Set(Object.keys(wanted).filter((id) => wanted[id] === true));
}

const secretVariable = /^[A-Z_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY)[A-Z_]*=./;

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Started with everything that hardening asks for. */
function isExemplary({ Config, HostConfig }: Inspected): boolean {
  return (
    /^[1-9]/.test(Config.User ?? '') &&
    textsOf(HostConfig['CapDrop']).includes('ALL') &&
    textsOf(HostConfig['SecurityOpt']).includes('no-new-privileges') &&
    HostConfig['ReadonlyRootfs'] === true &&
    HostConfig['NetworkMode'] === 'none'
  );
}

interface BenchLog {
  readonly tests: readonly {
    readonly results: readonly { readonly id: string; readonly result: string; readonly items?: readonly string[] }[];
  }[];
}

/** docker-bench asks the host itself here (AppArmor, SELinux, audit, content trust), counts wrongly (5.7 with the host's processes), or lists every port. */
const notOurs = /^(?:1\.1\.|4\.5$|5\.2$|5\.3$|5\.7$|5\.8$|5\.9$)/;

function benchCases(folder: string, claims: readonly Claim[]): Case[] {
  const file = join(folder, 'bench.log.json');
  if (!existsSync(file)) return [];
  const { tests } = JSON.parse(readFileSync(file, 'utf8')) as BenchLog;
  const warned = tests
    .flatMap(({ results }) => results)
    .filter(({ id, result }) => result === 'WARN' && !notOurs.test(id));
  return warned.flatMap(({ id, items }) => {
    const citing = checksCiting('CIS Docker 1.6', id);
    const objects = items === undefined ? [undefined] : items.map((item) => item.replace(/^\[|\]$|:.*$/g, ''));
    return objects.map((object): Case => {
      const said = object === undefined ? claims : claimsAbout(claims, object);
      const isFound = said.some(({ detector }) => citing.has(detector));
      return { name: `docker-bench ${id} ${object ?? ''}`, got: isFound ? 'found' : 'not found', want: 'found' };
    });
  });
}

/** Which ports the rules redirect for strangers and let through, by what stands in them. */
function firewallCases(folder: string, name: string): Case[] {
  const rules = readFileSync(join(folder, name), 'utf8');
  const claims = claimsIn(folder, `/${name}`);
  const got = claims.flatMap(({ sentence }) => /to port (\d+)/.exec(sentence ?? '')?.[1] ?? []).sort();
  const isClosed = /^:INPUT DROP/m.test(rules);
  const isFiltered = /^-A DOCKER-USER .*-j (?:DROP|REJECT|ufw-user-forward)/m.test(rules);
  const redirected = [...rules.matchAll(/^-A DOCKER ! -i \S+ .*--dport (\d+) -j DNAT/gm)].map(([, port = '']) => port);
  const want = isClosed && !isFiltered ? redirected.sort() : [];
  return [{ name: `${name}: ports around the firewall`, got: got.join(' '), want: want.join(' ') }];
}

/** A socket of the engine that listens without TLS, whatever its settings say. */
function apiCases(folder: string, claims: readonly Claim[]): Case[] {
  const file = join(folder, 'ss.txt');
  const isOpen = existsSync(file) && /:2375\s.*dockerd/.test(readFileSync(file, 'utf8'));
  const isFound = claims.some(({ detector }) => detector === 'checks/engine-api-open');
  return [{ name: 'API of the engine', got: isFound ? 'open' : 'closed', want: isOpen ? 'open' : 'closed' }];
}
