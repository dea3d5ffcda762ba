/** Libraries whose archives do not say their group: they are not built by Maven, and their manifests name none or a part of it. */
interface KnownLibraries {
  /** Names of artifacts. */
  readonly artifact: RegExp;
  /** In Maven Central; by the version where it changed. */
  readonly group: string | ((version: string, artifact: string) => string);
  /** A folder of classes that the archive must have: another library may have the same name. Left out where archives have no classes. */
  readonly folder?: RegExp;
}

const springParts =
  /^spring-(?:aop|aspects|beans|context|context-indexer|context-support|core|expression|instrument|jcl|jdbc|jms|messaging|orm|oxm|r2dbc|test|tx|web|webflux|webmvc|webmvc-portlet|websocket)$/;
const spring = /^org\/springframework\//;
const apache = /^org\/apache\//;

const libraries: readonly KnownLibraries[] = [
  // Spring's bridge to Commons Logging has the classes of that one.
  {
    artifact: springParts,
    group: 'org.springframework',
    folder: /^org\/(?:springframework|apache\/commons\/logging)\//,
  },
  { artifact: /^spring-boot(?:-[\w-]+)?$/, group: 'org.springframework.boot' },
  { artifact: /^spring-security-[\w-]+$/, group: 'org.springframework.security', folder: spring },
  { artifact: /^spring-integration-[\w-]+$/, group: 'org.springframework.integration', folder: spring },
  { artifact: /^spring-batch-[\w-]+$/, group: 'org.springframework.batch', folder: spring },
  { artifact: /^spring-session-[\w-]+$/, group: 'org.springframework.session', folder: spring },
  { artifact: /^spring-kafka(?:-test)?$/, group: 'org.springframework.kafka', folder: spring },
  { artifact: /^spring-(?:amqp|rabbit[\w-]*)$/, group: 'org.springframework.amqp', folder: spring },
  { artifact: /^spring-(?:ws-[\w-]+|xml)$/, group: 'org.springframework.ws', folder: spring },
  { artifact: /^spring-ldap-[\w-]+$/, group: 'org.springframework.ldap', folder: spring },
  { artifact: /^spring-webflow$/, group: 'org.springframework.webflow', folder: spring },
  { artifact: /^tomcat-embed-[\w-]+$/, group: 'org.apache.tomcat.embed' },
  {
    artifact:
      /^tomcat-(?:annotations-api|api|catalina|catalina-ha|coyote|dbcp|el-api|jasper|jasper-el|jdbc|jni|jsp-api|juli|servlet-api|tribes|util|util-scan|websocket)$/,
    group: 'org.apache.tomcat',
  },
  {
    artifact: /^hibernate-(?:core|c3p0|ehcache|entitymanager|envers|jcache|spatial)$/,
    group: (version) => (majorOf(version) >= 6 ? 'org.hibernate.orm' : 'org.hibernate'),
    folder: /^org\/hibernate\//,
  },
  { artifact: /^kotlin-(?:stdlib[\w-]*|reflect)$/, group: 'org.jetbrains.kotlin', folder: /^kotlin\// },
  { artifact: /^(?:okhttp(?:-[\w-]+)?|mockwebserver)$/, group: 'com.squareup.okhttp3', folder: /^okhttp3\// },
  { artifact: /^okhttp$/, group: 'com.squareup.okhttp', folder: /^com\/squareup\/okhttp\// },
  { artifact: /^okio(?:-jvm)?$/, group: 'com.squareup.okio', folder: /^okio\// },
  { artifact: /^retrofit$/, group: 'com.squareup.retrofit2', folder: /^retrofit2\// },
  {
    artifact: /^groovy(?:-[\w-]+)?$/,
    group: (version) => (majorOf(version) >= 4 ? 'org.apache.groovy' : 'org.codehaus.groovy'),
    folder: /^(?:groovy|org\/(?:codehaus|apache)\/groovy)\//,
  },
  { artifact: /^reactor-core$/, group: 'io.projectreactor', folder: /^reactor\// },
  { artifact: /^reactor-netty(?:-[\w-]+)?$/, group: 'io.projectreactor.netty', folder: /^reactor\// },
  { artifact: /^rxjava$/, group: rxjavaGroup, folder: /^(?:rx|io\/reactivex)\// },
  { artifact: /^micrometer-[\w-]+$/, group: 'io.micrometer', folder: /^io\/micrometer\// },
  { artifact: /^elasticsearch(?:-[\w-]+)?$/, group: 'org.elasticsearch', folder: /^org\/elasticsearch\// },
  { artifact: /^lucene-[\w-]+$/, group: 'org.apache.lucene', folder: apache },
  { artifact: /^solr-[\w-]+$/, group: 'org.apache.solr', folder: apache },
  {
    artifact: /^kafka(?:-clients|-streams|_\d\.\d+)$/,
    group: 'org.apache.kafka',
    folder: /^(?:org\/apache\/)?kafka\//,
  },
  { artifact: /^grpc-[\w-]+$/, group: 'io.grpc', folder: /^io\/grpc\// },
  {
    artifact: /^bc(?:prov|pkix|pg|mail|util|tls|fips)(?:-[\w-]+)?$/,
    group: 'org.bouncycastle',
    folder: /^org\/bouncycastle\//,
  },
  { artifact: /^poi(?:-[\w-]+)?$/, group: 'org.apache.poi', folder: apache },
  { artifact: /^batik-[\w-]+$/, group: 'org.apache.xmlgraphics', folder: apache },
  { artifact: /^ant(?:-[\w-]+)?$/, group: 'org.apache.ant', folder: apache },
  { artifact: /^ivy$/, group: 'org.apache.ivy', folder: apache },
  { artifact: /^zookeeper$/, group: 'org.apache.zookeeper', folder: apache },
  { artifact: /^derby(?:client|net|tools|shared)?$/, group: 'org.apache.derby', folder: apache },
  { artifact: /^xercesImpl$/, group: 'xerces', folder: apache },
  { artifact: /^xalan$/, group: 'xalan', folder: apache },
  { artifact: /^struts$/, group: 'struts', folder: /^org\/apache\/struts\// },
  { artifact: /^log4j$/, group: 'log4j', folder: /^org\/apache\/log4j\// },
  { artifact: /^h2$/, group: 'com.h2database', folder: /^org\/h2\// },
  { artifact: /^mysql-connector-java$/, group: 'mysql', folder: /^com\/mysql\// },
  { artifact: /^mysql-connector-j$/, group: 'com.mysql', folder: /^com\/mysql\// },
  { artifact: /^postgresql$/, group: 'org.postgresql', folder: /^org\/postgresql\// },
  {
    artifact: /^dom4j$/,
    group: (version) => (majorOf(version) >= 2 ? 'org.dom4j' : 'dom4j'),
    folder: /^org\/dom4j\//,
  },
  { artifact: /^hibernate-commons-annotations$/, group: 'org.hibernate.common', folder: /^org\/hibernate\// },
  { artifact: /^xmlbeans$/, group: 'org.apache.xmlbeans', folder: apache },
  { artifact: /^xml-apis$/, group: 'xml-apis', folder: /^(?:org\/w3c|javax\/xml)\// },
  { artifact: /^antlr$/, group: 'antlr', folder: /^antlr\// },
  { artifact: /^lz4-(?:java|pure-java)$/, group: 'org.lz4', folder: /^net\/jpountz\// },
  { artifact: /^perfmark-[\w-]+$/, group: 'io.perfmark', folder: /^io\/perfmark\// },
  { artifact: /^checker-(?:qual|compat-qual)$/, group: 'org.checkerframework', folder: /^org\/checkerframework\// },
  { artifact: /^graphql-java$/, group: 'com.graphql-java', folder: /^graphql\// },
  { artifact: /^c3p0$/, group: 'com.mchange', folder: /^com\/mchange\// },
  { artifact: /^jdom2?$/, group: 'org.jdom', folder: /^org\/jdom2?\// },
  { artifact: /^json$/, group: 'org.json', folder: /^org\/json\// },
  { artifact: /^jython(?:-standalone)?$/, group: 'org.python', folder: /^org\/python\// },
  {
    // Old parts of Commons have groups of their own name.
    artifact:
      /^commons-(?:beanutils|codec|collections|configuration|dbcp|digester|fileupload|httpclient|io|jxpath|lang|logging|net|pool|validator)$/,
    group: (_version, artifact) => artifact,
    folder: /^org\/apache\/commons\//,
  },
];

function rxjavaGroup(version: string): string {
  const major = majorOf(version);
  return major >= 2 ? `io.reactivex.rxjava${major}` : 'io.reactivex';
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** The group of a library that does not tell it; undefined for one that is not known. `names` are the members of the archive. */
export function knownGroup(
  artifact: string,
  version: string,
  names: Iterable<{ readonly name: string }>,
): string | undefined {
  const fitting = libraries.filter((one) => one.artifact.test(artifact));
  if (fitting.length === 0) return undefined;
  const members = [...names];
  const found = fitting.find(({ folder }) => folder === undefined || members.some(({ name }) => folder.test(name)));
  return typeof found?.group === 'function' ? found.group(version, artifact) : found?.group;
}
