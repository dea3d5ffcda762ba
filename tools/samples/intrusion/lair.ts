import { intruderAddresses, type Site } from '../world/sites.ts';

/** Where the intruder's things are. */
export const staging = { address: intruderAddresses.staging, ldapPort: 1389, httpPort: 8888 } as const;
export const stagingHost = `${staging.address}:${staging.httpPort}`;

export const controlSite: Site = {
  name: 'static.nimbus-relay.example',
  address: intruderAddresses.control,
  tls: 'tls13',
  ttlSeconds: 300,
  rttMs: 31,
};

export const tunnelDomain = 'sync-metrics.example';
/** What the tunnel's name server answers to each question, to say that it came. */
export const tunnelAnswer = '203.0.113.67';

/** The same files under their names on the host and in the container. */
export const implant = {
  hostPath: '/var/lib/shop/.cache/.sysd',
  containerPath: '/opt/shop/data/.cache/.sysd',
  cronHostPath: '/etc/cron.d/shop-report',
  cronContainerPath: '/opt/shop/cron.d/shop-report',
} as const;
