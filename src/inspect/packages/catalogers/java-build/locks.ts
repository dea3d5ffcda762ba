import { asList, asObject, asText } from '../../json.ts';
import type { NameReader } from '../../named-packages.ts';

/** `gradle.lockfile`: `group:artifact:version=configuration,…`; before Gradle 7 without configurations, which the name of the file has. */
export const readGradleLock: NameReader = function* readGradleLock(text) {
  for (const line of text.split('\n')) {
    const [coordinates = '', configurations = ''] = line.trim().split('=');
    const [group, artifact, version] = coordinates.split(':');
    if (line.startsWith('#') || group === undefined || artifact === undefined || version === undefined) continue;
    const isDevelopment = configurations.split(',').every((one) => /^test|Test/.test(one.trim()));
    yield { name: `${group}:${artifact}`, version, isDevelopment: isDevelopment ? true : undefined };
  }
};

/** `build.sbt.lock` of sbt-dependency-lock. */
export const readSbtLock: NameReader = function* readSbtLock(text) {
  for (const entry of asList(asObject(JSON.parse(text))['dependencies']).map(asObject)) {
    const [organisation, artifact, version] = ['org', 'name', 'version'].map((key) => asText(entry[key]));
    if (organisation === undefined || artifact === undefined || version === undefined) continue;
    const configurations = asList(entry['configurations']);
    const isWanted =
      configurations.length === 0 || configurations.some((one) => one === 'compile' || one === 'runtime');
    yield { name: `${organisation}:${artifact}`, version, isDevelopment: isWanted ? undefined : true };
  }
};
