import type { Cursor } from '../cursor.ts';
import type { ApiAddress, EngineFacts } from '../engine.ts';
import type { Located } from '../place.ts';

/** `docker info --format json`. */
export function isEngineInfo(cursor: Cursor): boolean {
  return cursor.get('ServerVersion').isThere && cursor.get('SecurityOptions').isThere;
}

/** `docker version --format json`. */
export function isEngineVersion(cursor: Cursor): boolean {
  return cursor.get('Server', 'Components').isThere || cursor.get('Server', 'Version').isThere;
}

/** What the engine says about itself. */
export function engineOfInfo(cursor: Cursor): EngineFacts {
  const security = cursor.get('SecurityOptions');
  const options = security.texts().map(({ value }) => value);
  const registries = cursor.get('RegistryConfig', 'IndexConfigs').entries();
  return {
    at: cursor.place,
    apiAddresses: cursor.get('Warnings').texts().flatMap(apiInWarning),
    liveRestore: cursor.get('LiveRestoreEnabled').locatedFlag(),
    experimental: cursor.get('ExperimentalBuild').locatedFlag(),
    insecureRegistries: registries.flatMap(([name, registry]) =>
      registry.get('Secure').flag() === false ? [registry.located(name)] : [],
    ),
    usernsRemap: security.located(options.some((option) => option.startsWith('name=userns'))),
    rootless: security.located(options.some((option) => option.startsWith('name=rootless'))),
    noNewPrivileges: security.located(options.some((option) => option.startsWith('name=no-new-privileges'))),
    authorizationPlugins: cursor.get('Plugins', 'Authorization').texts(),
    storageDriver: cursor.get('Driver').locatedText(),
    swarm: cursor.get('Swarm', 'LocalNodeState').locatedText(),
    logDriver: cursor.get('LoggingDriver').locatedText(),
    versions: versionsOf([
      ['engine', cursor.get('ServerVersion')],
      ['containerd', cursor.get('ContainerdCommit', 'ID')],
      ['runc', cursor.get('RuncCommit', 'ID')],
    ]),
    runtimes: new Map(
      cursor
        .get('Runtimes')
        .entries()
        .map(([name, runtime]) => [name, runtime.located(runtime.get('path').text() ?? '')]),
    ),
  };
}

/** The engine itself warns when its API needs neither key nor password. */
function apiInWarning({ value, at }: Located<string>): ApiAddress[] {
  const address = /API is accessible on https?:\/\/(?<address>\S+) without encryption/.exec(value)?.groups?.['address'];
  return address === undefined ? [] : [{ address: `tcp://${address}`, source: 'warning', at }];
}

export function engineOfVersion(cursor: Cursor): EngineFacts {
  const components = cursor.get('Server', 'Components').items();
  const named = components.map((component) => {
    const name = (component.get('Name').text() ?? '').toLowerCase();
    return [name, component.get('Version')] as const;
  });
  return { at: cursor.place, versions: versionsOf([['engine', cursor.get('Server', 'Version')], ...named]) };
}

function versionsOf(entries: readonly (readonly [string, Cursor])[]): ReadonlyMap<string, Located<string>> {
  return new Map(
    entries.flatMap(([name, cursor]) => {
      const version = cursor.locatedText();
      // Some engines name the commit here, and others the version.
      return version === undefined || !/^v?\d+\.\d+/.test(version.value) ? [] : [[name, version] as const];
    }),
  );
}

/** Whether containers on the default bridge may talk to one another. */
export function engineOfNetwork(cursor: Cursor): EngineFacts {
  const options = cursor.get('Options');
  if (options.get('com.docker.network.bridge.default_bridge').flag() !== true) return {};
  return { interContainer: options.get('com.docker.network.bridge.enable_icc').locatedFlag() };
}
