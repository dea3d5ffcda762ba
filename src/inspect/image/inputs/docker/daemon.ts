import { append } from '../../../../base/multimap.ts';
import type { Cursor } from '../cursor.ts';
import type { ApiAddress, EngineFacts } from '../engine.ts';
import type { Located, Place } from '../place.ts';

/** Keys by which a JSON object is known as `daemon.json` whatever its file is called. */
const daemonKeys = [
  'icc',
  'live-restore',
  'insecure-registries',
  'userland-proxy',
  'userns-remap',
  'log-driver',
  'storage-driver',
  'registry-mirrors',
  'default-ulimits',
  'exec-opts',
  'authorization-plugins',
  'data-root',
  'hosts',
  'tlsverify',
  'iptables',
];

export function isDaemonSettings(cursor: Cursor): boolean {
  return daemonKeys.some((key) => cursor.get(key).isThere) && !cursor.get('ServerVersion').isThere;
}

/** `daemon.json`: what it says about the engine. */
export function engineOfSettings(cursor: Cursor): EngineFacts {
  const remap = cursor.get('userns-remap').locatedText();
  return {
    at: cursor.place,
    isConfigured: true,
    apiAddresses: cursor
      .get('hosts')
      .texts()
      .map(({ value, at }): ApiAddress => ({ address: value, source: 'setting', at })),
    tlsVerify: cursor.get('tlsverify').locatedFlag(),
    interContainer: cursor.get('icc').locatedFlag(),
    liveRestore: cursor.get('live-restore').locatedFlag(),
    insecureRegistries: cursor.get('insecure-registries').texts(),
    experimental: cursor.get('experimental').locatedFlag(),
    userlandProxy: cursor.get('userland-proxy').locatedFlag(),
    usernsRemap: remap === undefined ? undefined : { value: remap.value !== '', at: remap.at },
    noNewPrivileges: cursor.get('no-new-privileges').locatedFlag(),
    authorizationPlugins: cursor.get('authorization-plugins').texts(),
    storageDriver: cursor.get('storage-driver').locatedText(),
    logDriver: cursor.get('log-driver').locatedText(),
    logLevel: cursor.get('log-level').locatedText(),
    iptables: cursor.get('iptables').locatedFlag(),
    seccompProfile: cursor.get('seccomp-profile').locatedText(),
    runtimes: new Map(
      cursor
        .get('runtimes')
        .entries()
        .map(([name, runtime]) => [
          name,
          runtime.located(runtime.get('path').text() ?? runtime.get('runtimeType').text() ?? ''),
        ]),
    ),
  };
}

/** The command line of `dockerd`, as a unit's `ExecStart` or a list of processes has it. */
export function engineOfFlags(words: readonly string[], at: Place): EngineFacts {
  const values = new Map<string, string[]>();
  for (let index = 0; index < words.length; index++) {
    const groups = /^--?(?<name>[A-Za-z][\w-]*)(?:=(?<value>.*))?$/.exec(words[index] ?? '')?.groups;
    if (groups === undefined) continue;
    const name = shortNames[groups['name'] ?? ''] ?? groups['name'] ?? '';
    let value = groups['value'];
    const next = words[index + 1];
    if (value === undefined && !switches.has(name) && next !== undefined && !next.startsWith('-')) {
      value = next;
      index++;
    }
    append(values, name, value ?? 'true');
  }
  const flag = (name: string): Located<boolean> | undefined => {
    const value = values.get(name)?.at(-1);
    return value === undefined ? undefined : { value: value !== 'false', at };
  };
  const text = (name: string): Located<string> | undefined => {
    const value = values.get(name)?.at(-1);
    return value === undefined ? undefined : { value, at };
  };
  const list = (name: string): Located<string>[] => (values.get(name) ?? []).map((value) => ({ value, at }));
  return {
    at,
    isConfigured: true,
    apiAddresses: list('host').map(({ value }): ApiAddress => ({ address: value, source: 'flag', at })),
    tlsVerify: flag('tlsverify'),
    interContainer: flag('icc'),
    liveRestore: flag('live-restore'),
    insecureRegistries: list('insecure-registry'),
    experimental: flag('experimental'),
    userlandProxy: flag('userland-proxy'),
    usernsRemap: flag('userns-remap'),
    noNewPrivileges: flag('no-new-privileges'),
    authorizationPlugins: list('authorization-plugin'),
    storageDriver: text('storage-driver'),
    logDriver: text('log-driver'),
    logLevel: text('log-level'),
    iptables: flag('iptables'),
    seccompProfile: text('seccomp-profile'),
  };
}

const shortNames: Readonly<Record<string, string>> = { H: 'host', D: 'debug', l: 'log-level', s: 'storage-driver' };
/** Flags that take their value with `=` only. */
const switches = new Set([
  'tls',
  'tlsverify',
  'icc',
  'live-restore',
  'experimental',
  'userland-proxy',
  'no-new-privileges',
  'iptables',
  'ip6tables',
  'debug',
  'rootless',
]);
