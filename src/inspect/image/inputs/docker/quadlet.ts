import { byteCount } from '../compose/byte-count.ts';
import type { Located } from '../place.ts';
import { shellCommands } from '../shell.ts';
import { capabilityName, type NamespaceKind, type SharedNamespace, type Workload } from '../workload.ts';
import { mountOfBind } from './mounts.ts';
import { portsOfShortForm } from './ports.ts';

/** What podman limits a container to when nothing is said (containers.conf, pids_limit). */
const defaultPidsLimit = 2048;

/** Whether a file is a unit of Quadlet that describes a container (podman-systemd.unit(5)). */
export function isContainerUnit(name: string, text: string): boolean {
  return name.endsWith('.container') && /^\[Container\]\s*$/m.test(text);
}

/** The container that a unit of Quadlet starts. What `PodmanArgs=` says counts as far as it is about rights. */
export function workloadOfUnit(text: string, path: string): Workload {
  const unit = new Unit(text, path);
  const { flags, last, list } = unit;
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.container$/, '');
  const networks = [...list('Network'), ...flags('--network'), ...flags('--net')];
  return {
    origin: 'podman',
    role: 'main',
    name: last('ContainerName')?.value ?? name,
    at: { path, line: 1 },
    image: last('Image'),
    user: last('User'),
    privileged: isOn(flags('--privileged').at(-1)),
    capAdd: [...unit.words('AddCapability'), ...flags('--cap-add')].map(toCapability),
    capDrop: [...unit.words('DropCapability'), ...flags('--cap-drop')].map(toCapability),
    noNewPrivileges: isOn(last('NoNewPrivileges')) ?? { value: false, at: { path, line: 1 } },
    seccomp: last('SeccompProfile'),
    appArmor: last('AppArmor'),
    selinuxDisabled: isOn(last('SecurityLabelDisable')),
    sharedNamespaces: [
      ...shared('network', networks),
      ...shared('user', [...list('UserNS'), ...flags('--userns')]),
      ...shared('pid', flags('--pid')),
      ...shared('ipc', flags('--ipc')),
      ...shared('uts', flags('--uts')),
    ],
    network: networks.at(-1),
    addresses: [],
    mounts: [...list('Volume'), ...flags('--volume'), ...flags('-v')].flatMap(
      ({ value, at }) => mountOfBind(value, at) ?? [],
    ),
    devices: unit
      .words('AddDevice')
      .map(({ value, at }) => ({ value: value.replace(/^-/, '').split(':')[0] ?? '', at })),
    ports: list('PublishPort').flatMap(({ value, at }) => portsOfShortForm(value, at)),
    env: unit.words('Environment').flatMap(({ value, at }) => {
      const equals = value.indexOf('=');
      return equals <= 0 ? [] : [{ name: value.slice(0, equals), value: value.slice(equals + 1), at }];
    }),
    readOnlyRoot: isOn(last('ReadOnly')) ?? { value: false, at: { path, line: 1 } },
    memoryLimit: numberOf(last('Memory') ?? flags('--memory').at(-1), byteCount),
    cpuLimit: numberOf(flags('--cpus').at(-1), Number),
    pidsLimit: numberOf(last('PidsLimit'), Number) ?? { value: defaultPidsLimit, at: { path, line: 1 } },
    restart: last('Restart'),
    healthcheck: healthcheckOf(last('HealthCmd')),
    sysctls: unit.words('Sysctl').map(({ value, at }) => ({ value: value.split('=')[0] ?? '', at })),
    unmaskedProc: isOn(list('Unmask').map(({ value, at }) => ({ value: String(/^all$/i.test(value)), at }))[0]),
    command: unit.words('Exec').map(({ value }) => value),
  };
}

/** The settings of a unit by name, each with its line; an empty one takes back those before it. */
class Unit {
  readonly #settings = new Map<string, Located<string>[]>();

  constructor(text: string, path: string) {
    const lines = text.split(/\r?\n/);
    for (let index = 0; index < lines.length; index++) {
      const at = { path, line: index + 1 };
      let line = (lines[index] ?? '').trim();
      while (line.endsWith('\\') && index + 1 < lines.length) {
        line = `${line.slice(0, -1)} ${lines[++index]?.trim() ?? ''}`;
      }
      const equals = line.indexOf('=');
      if (equals <= 0 || /^[#;[]/.test(line)) continue;
      const name = line.slice(0, equals).trim();
      const value = line.slice(equals + 1).trim();
      this.#settings.set(name, value === '' ? [] : [...(this.#settings.get(name) ?? []), { value, at }]);
    }
  }

  readonly list = (name: string): readonly Located<string>[] => this.#settings.get(name) ?? [];

  readonly last = (name: string): Located<string> | undefined => this.list(name).at(-1);

  /** A setting of several words, quotes resolved. */
  words(name: string): Located<string>[] {
    return this.list(name).flatMap(({ value, at }) => wordsOf(value).map((word) => ({ value: word, at })));
  }

  /** Values of an option of podman-run(1) in `PodmanArgs=`: `--option=value`, `--option value`; `true` for one without. */
  readonly flags = (option: string): Located<string>[] =>
    this.list('PodmanArgs').flatMap(({ value, at }) => {
      const words = wordsOf(value);
      return words.flatMap((word, index) => {
        if (word.startsWith(`${option}=`)) return [{ value: word.slice(option.length + 1), at }];
        const next = words[index + 1];
        const isAlone = next === undefined || next.startsWith('-');
        return word === option ? [{ value: isAlone ? 'true' : next, at }] : [];
      });
    });
}

function wordsOf(text: string): readonly string[] {
  return shellCommands(text).flatMap(({ words }) => words);
}

function isOn(setting: Located<string> | undefined): Located<boolean> | undefined {
  return setting && { value: /^(?:true|yes|on|1)$/i.test(setting.value), at: setting.at };
}

function numberOf(setting: Located<string> | undefined, read: (text: string) => number): Located<number> | undefined {
  const value = setting === undefined ? Number.NaN : read(setting.value);
  return setting === undefined || !Number.isFinite(value) ? undefined : { value, at: setting.at };
}

function healthcheckOf(setting: Located<string> | undefined): Located<boolean> | undefined {
  return setting && { value: setting.value !== 'none', at: setting.at };
}

function toCapability({ value, at }: Located<string>): Located<string> {
  return { value: capabilityName(value), at };
}

function shared(kind: NamespaceKind, settings: readonly Located<string>[]): SharedNamespace[] {
  return settings
    .filter(({ value }) => value === 'host' || value.startsWith('container:'))
    .map(({ value, at }) => ({ kind, with: value, at }));
}
