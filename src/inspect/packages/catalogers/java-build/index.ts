import type { TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';
import { readGradleLock, readSbtLock } from './locks.ts';
import { PomFinder } from './pom-finder.ts';
import { pomReader } from './pom.ts';

const isPom = ({ path }: TreeEntry): boolean => path.endsWith('/pom.xml');

/** Gradle 6 and older have a lock file for each configuration. */
function lockReaderOf({ path }: TreeEntry): NameReader | undefined {
  if (path.endsWith('gradle.lockfile')) return readGradleLock;
  if (path.endsWith('.lockfile') && path.includes('/gradle/dependency-locks/')) return readGradleLock;
  return path.endsWith('/build.sbt.lock') ? readSbtLock : undefined;
}

export const cataloger = defineCataloger({
  id: 'java-build',
  title: 'Java builds',
  description:
    '`pom.xml` (the project and what it names itself, with properties, managed and imported versions and parents that stand in the tree or in a local repository of Maven in it; nothing is fetched), `*gradle.lockfile` and `gradle/dependency-locks/`, `build.sbt.lock`. Projects in a local repository are not listed.',
  references: [
    'https://maven.apache.org/pom.html',
    'https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html',
    'https://docs.gradle.org/current/userguide/dependency_locking.html',
  ],
  guide: ['C25'],
  wants: (entry) => (isPom(entry) || lockReaderOf(entry) !== undefined) && !entry.path.includes('/.m2/repository/'),
  catalog(entries, { tree }) {
    const readPom = pomReader(new PomFinder(tree, entries));
    const readerOf = (entry: TreeEntry): NameReader | undefined => (isPom(entry) ? readPom : lockReaderOf(entry));
    return catalogNames({ id: 'java-build', type: 'maven', entries, tree, readerOf });
  },
});
