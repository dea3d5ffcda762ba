import { boolean, connectionColumns, defineKind, integer, text } from '../kind.ts';

export const kind = defineKind({
  id: 'ssh',
  title: 'SSH session',
  description: 'One SSH session set-up.',
  columns: {
    ...connectionColumns,
    ssh_version: integer('Protocol version.'),
    ssh_client: text('Client software banner.'),
    ssh_server: text('Server software banner.'),
    ssh_auth_success: boolean('The sensor believes that the log-in succeeded.'),
    ssh_auth_attempts: integer('Attempts that the sensor counted.'),
    ssh_cipher: text('Cipher chosen.'),
    ssh_mac: text('MAC chosen.'),
    ssh_compression: text('Compression chosen.'),
    ssh_kex: text('Key exchange chosen.'),
    ssh_host_key_algorithm: text('Host key algorithm.'),
    ssh_host_key: text('Host key fingerprint.'),
    ssh_hassh: text('HASSH of the client.'),
    ssh_hassh_server: text('HASSH of the server.'),
  },
});
