import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../../../tests/support/memory-tree.ts';
import { zipOf } from '../../../../../tests/support/zip.ts';
import { catalogTree } from '../../catalog.ts';

/** Names and versions of what is in an archive without `pom.properties`. */
function named(file: string, manifest: string, folder: string): string[] {
  const jar = zipOf({ 'META-INF/MANIFEST.MF': `Manifest-Version: 1.0\n${manifest}\n\n`, [`${folder}/A.class`]: 'x' });
  return catalogTree(new MemoryTree({ [`/app/${file}`]: jar })).packages.map(
    ({ name, version }) => `${name} ${version}`,
  );
}

describe('an archive that does not tell its group', () => {
  it.each([
    [
      'spring-beans-5.3.10.jar',
      'Implementation-Title: spring-beans\nAutomatic-Module-Name: spring.beans\nImplementation-Version: 5.3.10',
      'org/springframework/beans',
      'org.springframework:spring-beans 5.3.10',
    ],
    [
      'spring-boot-starter-web-2.5.0.jar',
      'Spring-Boot-Jar-Type: dependencies-starter',
      'x',
      'org.springframework.boot:spring-boot-starter-web 2.5.0',
    ],
    [
      'tomcat-embed-core-9.0.30.jar',
      'Bundle-SymbolicName: org.apache.tomcat-embed-core\nBundle-Version: 9.0.30',
      'org/apache/catalina',
      'org.apache.tomcat.embed:tomcat-embed-core 9.0.30',
    ],
    [
      'catalina.jar',
      'Bundle-SymbolicName: org.apache.tomcat-catalina\nBundle-Version: 9.0.30',
      'org/apache/catalina',
      'org.apache.tomcat:tomcat-catalina 9.0.30',
    ],
    ['spring-jcl-5.3.10.jar', '', 'org/apache/commons/logging', 'org.springframework:spring-jcl 5.3.10'],
    ['hibernate-core-5.4.1.Final.jar', '', 'org/hibernate', 'org.hibernate:hibernate-core 5.4.1.Final'],
    ['hibernate-core-6.2.0.Final.jar', '', 'org/hibernate', 'org.hibernate.orm:hibernate-core 6.2.0.Final'],
    ['rxjava-2.2.21.jar', '', 'io/reactivex', 'io.reactivex.rxjava2:rxjava 2.2.21'],
    ['okhttp-4.9.0.jar', '', 'okhttp3', 'com.squareup.okhttp3:okhttp 4.9.0'],
    ['okhttp-2.7.5.jar', '', 'com/squareup/okhttp', 'com.squareup.okhttp:okhttp 2.7.5'],
    ['commons-io-1.4.jar', '', 'org/apache/commons/io', 'commons-io:commons-io 1.4'],
  ])('%s has the one by which advisories know it', (file, manifest, folder, want) => {
    expect(named(file, manifest, folder)).toEqual([want]);
  });

  it('has none of another library of the same name', () => {
    expect(named('spring-core-1.0.jar', '', 'com/shop')).toEqual(['spring-core 1.0']);
    expect(named('json-1.0.jar', 'Implementation-Vendor-Id: com.shop', 'com/shop')).toEqual(['com.shop:json 1.0']);
  });
});

it('says that a group is a guess, and not that one of the table is', () => {
  const guessOf = (file: string, manifest: string, folder: string): (string | undefined)[] => {
    const jar = zipOf({ 'META-INF/MANIFEST.MF': `Manifest-Version: 1.0\n${manifest}\n\n`, [`${folder}/A.class`]: 'x' });
    return catalogTree(new MemoryTree({ [`/app/${file}`]: jar })).packages.map(({ details }) => details?.['group']);
  };
  expect(guessOf('cart-1.0.jar', 'Bundle-SymbolicName: org.shop.cart', 'x')).toEqual(['guessed']);
  expect(guessOf('cart-1.0.jar', 'Implementation-Vendor-Id: org.shop', 'x')).toEqual(['guessed']);
  expect(guessOf('cart-1.0.jar', '', 'x')).toEqual([undefined]);
  expect(guessOf('spring-beans-5.3.10.jar', '', 'org/springframework/beans')).toEqual([undefined]);
});

describe('a plug-in of Jenkins', () => {
  const manifest = (more: string): string => `Short-Name: git\nExtension-Name: git\nPlugin-Version: ${more}`;

  it.each([
    ['git.jpi', '4.11.3\nGroup-Id: org.jenkins-ci.plugins', 'org.jenkins-ci.plugins:git 4.11.3'],
    [
      'git.hpi',
      '5.2.0_v1b_f0\nGroup-Id: org.jenkins-ci.plugins\nArtifact-Id: git-x',
      'org.jenkins-ci.plugins:git-x 5.2.0_v1b_f0',
    ],
    ['git.jpi', '1.2-SNAPSHOT (private-03/2024-me)', 'git 1.2-SNAPSHOT'],
  ])('%s is what its manifest says', (file, more, want) => {
    expect(named(file, manifest(more), 'x')).toEqual([want]);
  });

  it('has no version of words', () => {
    expect(named('git.jpi', manifest('private'), 'x')).toEqual([]);
  });
});
