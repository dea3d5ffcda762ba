import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, endpoints, overTcp, read, when } from './shared.ts';

export const ssh: Mapping<'ssh'> = {
  kind: 'ssh',
  columns: {
    ...when,
    ...endpoints,
    ...overTcp,
    ...dataset('ssh'),
    ssh_version: read('version', 'integer'),
    ssh_client: read('client'),
    ssh_server: read('server'),
    ssh_auth_success: read('auth_success', 'boolean'),
    ssh_auth_attempts: read('auth_attempts', 'integer'),
    ssh_cipher: read('cipher_alg'),
    ssh_mac: read('mac_alg'),
    ssh_compression: read('compression_alg'),
    ssh_kex: read('kex_alg'),
    ssh_host_key_algorithm: read('host_key_alg'),
    ssh_host_key: read('host_key', 'text', 'host_key_fingerprint'),
    ssh_hassh: read('hassh', 'lower'),
    ssh_hassh_server: read('hasshServer', 'lower'),
  },
};
