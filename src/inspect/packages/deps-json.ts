import { asObject, asText } from './json.ts';
import type { NameReader } from './named-packages.ts';

type Members = Readonly<Record<string, unknown>>;

/** What a library brings when the application runs; one with none of these was only needed to compile. */
const runtimeParts = ['runtime', 'runtimeTargets', 'native', 'resources'];
/** Before the name of the runtime that a self-contained application carries. */
const runtimePack = 'runtimepack.';

/**
 * `*.deps.json` (runtime-configuration-file): `libraries` by `Name/version`, and under `targets` what of them the application uses when it
 * runs. What is neither a package nor the runtime is a project of the solution.
 */
export const readDepsJson: NameReader = function* readDepsJson(text) {
  const file = asObject(JSON.parse(text));
  const target = asObject(asObject(file['targets'])[asText(asObject(file['runtimeTarget'])['name']) ?? '']);
  for (const [key, value] of Object.entries(asObject(file['libraries']))) {
    const slash = key.lastIndexOf('/');
    if (slash <= 0) continue;
    const type = asText(asObject(value)['type'])?.toLowerCase();
    const isPackage = type === 'package' || type === 'runtimepack';
    const name = key.slice(0, slash);
    yield {
      name: name.startsWith(runtimePack) ? name.slice(runtimePack.length) : name,
      version: key.slice(slash + 1),
      isProject: isPackage ? undefined : true,
      isDevelopment: isPackage && key in target && !isUsed(asObject(target[key])) ? true : undefined,
    };
  }
};

function isUsed(library: Members): boolean {
  return runtimeParts.some((part) => Object.keys(asObject(library[part])).length > 0);
}
