import { describe, expect, it } from 'vitest';
import { isLoopback, isSocketList, readListeningSockets } from './sockets.ts';
import { isUfwStatus, readUfwStatus, ufwAllows } from './ufw.ts';

describe('the output of ss', () => {
  it('with programs and without the column Netid', () => {
    const text = `State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      4096       127.0.0.1:9000      0.0.0.0:*    users:(("docker-proxy",pid=1,fd=4))
LISTEN 0      4096            [::]:22           [::]:*    users:(("sshd",pid=2,fd=3),("systemd",pid=1,fd=9))
ESTAB  0      0          10.0.0.1:22        10.0.0.2:5
LISTEN 0      4096               *:2375            *:*
`;
    expect(isSocketList(text)).toBe(true);
    expect(readListeningSockets(text)).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: 9000, programs: ['docker-proxy'], line: 2 },
      { protocol: 'tcp', address: '', port: 22, programs: ['sshd', 'systemd'], line: 3 },
      { protocol: 'tcp', address: '', port: 2375, programs: [], line: 5 },
    ]);
  });

  it('with the column Netid and an interface', () => {
    const text =
      'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port\nudp   UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*\ntcp   LISTEN 0 1 [::1]:631 [::]:*\n';
    expect(readListeningSockets(text).map(({ protocol, address, port }) => [protocol, address, port])).toEqual([
      ['udp', '127.0.0.53', 53],
      ['tcp', '::1', 631],
    ]);
    expect(['127.0.0.53', '::1', '10.0.0.1', ''].map(isLoopback)).toEqual([true, true, false, false]);
  });
});

describe('the status of ufw', () => {
  const text = `Status: active
Default: deny (incoming), allow (outgoing), deny (routed)

443/tcp                    ALLOW IN    Anywhere
6000:6007/tcp              ALLOW IN    Anywhere
22                         LIMIT IN    Anywhere
25/tcp                     ALLOW IN    192.0.2.0/24
53                         DENY IN     Anywhere
443/tcp (v6)               ALLOW IN    Anywhere (v6)
`;

  it('says to which ports strangers come', () => {
    const status = readUfwStatus(text);
    expect(isUfwStatus(text)).toBe(true);
    const allowed = (port: number, protocol: string): boolean | undefined => ufwAllows(status, port, protocol);
    expect([
      allowed(443, 'tcp'),
      allowed(443, 'udp'),
      allowed(6003, 'tcp'),
      allowed(22, 'tcp'),
      allowed(25, 'tcp'),
      allowed(53, 'udp'),
    ]).toEqual([true, false, true, true, false, false]);
  });

  it('says nothing when it is off, or when its defaults are not shown', () => {
    expect(ufwAllows(readUfwStatus('Status: inactive\n'), 80, 'tcp')).toBeUndefined();
    expect(ufwAllows(readUfwStatus('Status: active\n\n22/tcp   ALLOW   Anywhere\n'), 80, 'tcp')).toBeUndefined();
  });
});
