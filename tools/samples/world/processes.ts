/** Command lines that more than one behaviour names. */
export const shopCommand = {
  executable: '/usr/lib/jvm/java-8-openjdk-amd64/jre/bin/java',
  args: [
    '/usr/lib/jvm/java-8-openjdk-amd64/bin/java',
    '-Djava.net.preferIPv4Stack=true',
    '-Xmx768m',
    '-classpath',
    '/usr/local/tomcat/bin/bootstrap.jar:/usr/local/tomcat/bin/tomcat-juli.jar',
    'org.apache.catalina.startup.Bootstrap',
    'start',
  ],
} as const;
