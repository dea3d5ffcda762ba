import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, readerByName } from '../../named-packages.ts';
import { readGradleLock, readSbtLock } from './locks.ts';
import { readPom } from './pom.ts';

const { readerOf, wants } = readerByName({
  'pom.xml': readPom,
  'gradle.lockfile': readGradleLock,
  'buildscript-gradle.lockfile': readGradleLock,
  'build.sbt.lock': readSbtLock,
});

export const cataloger = defineCataloger({
  id: 'java-build',
  title: 'Java builds',
  description:
    '`pom.xml` (the project and what it names itself, with properties, managed versions and parents in the tree; nothing is fetched), `gradle.lockfile` (and that of the build script), `build.sbt.lock`. Those in the local repository of Maven are not read.',
  references: [
    'https://maven.apache.org/pom.html',
    'https://docs.gradle.org/current/userguide/dependency_locking.html',
  ],
  guide: ['C25'],
  wants: (entry) => wants(entry) && !entry.path.includes('/.m2/repository/'),
  catalog: (entries, { tree }) => catalogNames({ id: 'java-build', type: 'maven', entries, tree, readerOf }),
});
