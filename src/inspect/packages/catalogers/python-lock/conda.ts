import { asList, asObject, asText } from '../../json.ts';
import type { NameReader } from '../../named-packages.ts';
import { yamlTexts } from '../../yaml-texts.ts';
import { named } from './locks.ts';
import { parseRequirement } from './requirements.ts';

/** The requirements below `pip` in an `environment.yml`. */
export const readEnvironment: NameReader = function* readEnvironment(text) {
  for (const part of asList(asObject(yamlTexts(text))['dependencies'])) {
    for (const requirement of asList(asObject(part)['pip'])) {
      const one = parseRequirement(asText(requirement) ?? '');
      if (one !== undefined) yield one;
    }
  }
};

/** What pip installs of a `conda-lock.yml`: the same package stands there once for each platform. */
export const readCondaLock: NameReader = function* readCondaLock(text) {
  for (const entry of asList(asObject(yamlTexts(text))['package']).map(asObject)) {
    if (entry['manager'] === 'pip') yield* named(entry, (asText(entry['category']) ?? 'main') !== 'main');
  }
};

/** Packages of PyPI in a `pixi.lock`: `kind: pypi` until version 5, `pypi: URL` since. A folder is a part of the project. */
export const readPixiLock: NameReader = function* readPixiLock(text) {
  for (const entry of asList(asObject(yamlTexts(text))['packages']).map(asObject)) {
    const address = asText(entry['pypi']) ?? (entry['kind'] === 'pypi' ? (asText(entry['url']) ?? '') : undefined);
    if (address === undefined) continue;
    const isProject = entry['editable'] === 'true' || /^\.{0,2}\/|^\.$/.test(address) ? true : undefined;
    for (const one of named(entry, false)) yield { ...one, isProject };
  }
};
