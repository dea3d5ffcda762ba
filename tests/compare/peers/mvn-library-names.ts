import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { catalogTree } from '../../../src/inspect/packages/catalog.ts';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import type { Peer } from '../peer.ts';
import { differences, isInstalled } from '../tools.ts';

/** Libraries that Maven brought, seen without the folders that it brought them in: we give each the group that it has in the repository. */
export const peer: Peer = {
  id: 'mvn/library-names',
  isAvailable: () => Promise.resolve(isInstalled('mvn')),
  run() {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-maven-'));
    try {
      writeFileSync(join(folder, 'pom.xml'), project());
      const goal = ['dependency:copy-dependencies', '-Dmdep.useRepositoryLayout=true', '-DoutputDirectory=lib'];
      const { status, stdout } = spawnSync('mvn', ['-q', '-B', ...goal], { cwd: folder, encoding: 'utf8' });
      if (status !== 0) return Promise.resolve({ differences: [`mvn: ${stdout.slice(0, 200)}`], figures: {} });
      const files = globSync('**/*.jar', { cwd: join(folder, 'lib') });
      const wanted = new Map(files.map((file) => [coordinatesOf(file), 1]));
      const flat = join(folder, 'root');
      mkdirSync(flat);
      for (const file of files) renameSync(join(folder, 'lib', file), join(flat, basename(file)));
      const { packages } = catalogTree(new FolderTree(flat));
      // A shaded library names what was put into it as well.
      const own = packages.filter(({ details }) => details?.['parent'] === undefined);
      const found = new Map(own.map(({ name, version }) => [`${name} ${version}`, 1]));
      return Promise.resolve({
        differences: differences('libraries', found, wanted),
        figures: { libraries: files.length },
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** `org/springframework/spring-core/5.3.10/spring-core-5.3.10.jar`. */
function coordinatesOf(file: string): string {
  const version = dirname(file);
  const artifact = dirname(version);
  return `${dirname(artifact).replaceAll('/', '.')}:${basename(artifact)} ${basename(version)}`;
}

const libraries = [
  'org.springframework:spring-webmvc:5.3.10',
  'org.springframework:spring-jdbc:5.3.10',
  'org.springframework.boot:spring-boot-starter-security:2.5.0',
  'org.springframework.boot:spring-boot-actuator:2.5.0',
  'org.apache.logging.log4j:log4j-core:2.14.1',
  'com.fasterxml.jackson.core:jackson-databind:2.9.8',
  'org.apache.struts:struts2-core:2.5.12',
  'commons-collections:commons-collections:3.2.1',
  'commons-httpclient:commons-httpclient:3.1',
  'org.apache.tomcat.embed:tomcat-embed-core:9.0.30',
  'io.netty:netty-all:4.1.42.Final',
  'org.bouncycastle:bcprov-jdk15on:1.60',
  'org.hibernate:hibernate-core:5.4.1.Final',
  'com.squareup.okhttp3:okhttp:4.9.0',
  'org.codehaus.groovy:groovy:2.4.5',
  'io.projectreactor.netty:reactor-netty-http:1.0.7',
  'io.reactivex.rxjava2:rxjava:2.2.21',
  'org.apache.kafka:kafka-clients:2.8.0',
  'io.grpc:grpc-core:1.30.0',
  'org.apache.poi:poi-ooxml:4.0.0',
  'org.apache.lucene:lucene-core:8.0.0',
  'com.h2database:h2:1.4.199',
  'mysql:mysql-connector-java:8.0.16',
  'org.postgresql:postgresql:42.2.5',
  'dom4j:dom4j:1.6.1',
  'org.json:json:20180813',
  'log4j:log4j:1.2.16',
];

function project(): string {
  const wanted = libraries.map((one) => {
    const [group, artifact, version] = one.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>shop</groupId><artifactId>shop</artifactId><version>1</version><dependencies>${wanted.join('')}</dependencies></project>`;
}
