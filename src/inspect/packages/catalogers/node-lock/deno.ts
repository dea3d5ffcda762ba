import { asObject } from '../../json.ts';
import type { NameReader } from '../../named-packages.ts';

/**
 * `deno.lock`: packages of npm, whose keys are `name@version` and may carry the peers behind a `_`. Format 2 and 3 have them under
 * `packages`, and 2 one level deeper. Packages of JSR and URLs belong to other registries.
 */
export const readDenoLock: NameReader = function* readDenoLock(text) {
  const lock = asObject(JSON.parse(text));
  const npm = asObject(lock['npm'] ?? asObject(lock['packages'])['npm']);
  const packages = 'packages' in npm && 'specifiers' in npm ? asObject(npm['packages']) : npm;
  for (const key of Object.keys(packages)) {
    const { name, version } = /^(?<name>(?:@[^@/]+\/)?[^@/]+)@(?<version>[^_@]+)/.exec(key)?.groups ?? {};
    if (name !== undefined && version !== undefined) yield { name, version };
  }
};
