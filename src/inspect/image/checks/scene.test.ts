import { describe, expect, it } from 'vitest';
import { sentences, service } from '../../../../tests/support/check-sentences.ts';
import { readInput } from '../inputs/read-input.ts';
import { SceneParts } from '../inputs/scene-parts.ts';
import { runChecks } from '../run-checks.ts';

function object(kind: string, rest: object): readonly [string, string] {
  return [
    'o.json',
    JSON.stringify({ apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name: 'o' }, ...rest }),
  ];
}

describe('objects of a cluster', () => {
  it.each([
    [
      'broad-role',
      object('Role', { rules: [{ resources: ['*'], verbs: ['get'] }] }),
      ['Role/o may get all resources of its namespace, secrets among them'],
    ],
    [
      'broad-role',
      object('ClusterRole', { rules: [{ resources: ['secrets'], verbs: ['list'] }] }),
      ['ClusterRole/o may read secrets of the cluster'],
    ],
    ['broad-role', object('Role', { rules: [{ resources: ['configmaps'], verbs: ['*'] }] }), []],
    // All that an operator's own group has are no secrets.
    [
      'broad-role',
      object('ClusterRole', { rules: [{ apiGroups: ['a.example'], resources: ['*'], verbs: ['*'] }] }),
      [],
    ],
    [
      'broad-role',
      object('ClusterRole', {
        rules: [{ apiGroups: ['apps', 'rbac.authorization.k8s.io'], resources: ['*'], verbs: ['*'] }],
      }),
      [
        'ClusterRole/o may start pods with any account of the cluster',
        'ClusterRole/o may give itself other rights of the cluster',
        'ClusterRole/o may bind roles to anybody of the cluster',
      ],
    ],
    [
      'broad-role',
      object('Role', { rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['own'], verbs: ['get'] }] }),
      [],
    ],
    [
      'cluster-admin',
      object('ClusterRoleBinding', {
        roleRef: { name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', name: 'ci' }],
      }),
      ['ClusterRoleBinding/o gives cluster-admin to ServiceAccount ci'],
    ],
    [
      'cluster-admin',
      object('ClusterRoleBinding', {
        roleRef: { name: 'view' },
        subjects: [{ kind: 'Group', name: 'system:unauthenticated' }],
      }),
      ['ClusterRoleBinding/o gives view to system:unauthenticated'],
    ],
    [
      'cluster-admin',
      object('RoleBinding', { roleRef: { name: 'view' }, subjects: [{ kind: 'User', name: 'a' }] }),
      [],
    ],
    [
      'secret-in-manifest',
      [
        'c.yaml',
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata: { db_password: Wq8-vv31, color: blue }\n',
      ],
      ['ConfigMap/c holds the value of db_password'],
    ],
    [
      'secret-in-manifest',
      ['s.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\ndata: { key: aGVsbG8gd29ybGQ= }\n'],
      ['Secret/s holds the value of key'],
    ],
    [
      'secret-in-manifest',
      ['s.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { key: "${KEY}" }\n'],
      [],
    ],
    [
      'default-namespace',
      ['d.yaml', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d, namespace: default }\n'],
      ['Deployment/d stands in the default namespace'],
    ],
    ['default-namespace', ['d.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: d, namespace: default }\n'], []],
  ] as const)('%s of %j', (id, input, said) => {
    expect(sentences(id, input)).toEqual(said);
  });
});

describe('the audit of a host', () => {
  it('is asked for what it does not watch', () => {
    const watches =
      '-w /usr/bin/dockerd -p wa -k d\n-w /etc/docker -p rwxa\n-w /usr/bin/runc -p r\n-a always,exit -F dir=/run/containerd -F perm=wa\n';
    const said = sentences('audit-rules', ['auditctl.txt', watches]);
    expect(said).toContain(
      'the host watches neither /usr/bin/runc nor /usr/sbin/runc nor /usr/bin/docker-runc: what starts containers',
    );
    expect(said.filter((sentence) => /daemon\.json|dockerd|containerd\.sock/.test(sentence))).toEqual([]);
    expect(said).toHaveLength(9);
  });

  it('is told of when it is empty', () => {
    expect(sentences('audit-rules', ['auditctl.txt', 'No rules\n'])).toHaveLength(14);
  });
});

describe('an engine beside its containers', () => {
  it('counts for them', () => {
    const web = service([]);
    expect(
      sentences('privilege-escalation', web, ['daemon.json', '{"no-new-privileges": true, "icc": false}']),
    ).toEqual([]);
  });

  it('opens ports that ufw closes, as long as it writes the rules itself and nothing shows them', () => {
    const ufw = [
      'ufw.txt',
      'Status: active\nDefault: deny (incoming), allow (outgoing)\n\n443/tcp    ALLOW IN    Anywhere\n',
    ] as const;
    const web = service(['ports: ["8080:80", "443:443", "127.0.0.1:9:9"]']);
    expect(sentences('firewall-bypass', ufw, web)).toEqual([
      'the host most likely lets strangers to port 8080/tcp, port 80 of the container web, although ufw closes it',
    ]);
    expect(sentences('firewall-bypass', ufw, web, ['daemon.json', '{"iptables": false}'])).toEqual([]);
  });

  it('listens where a socket of it listens, whatever its settings say', () => {
    const listed =
      'State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\nLISTEN 0 4096 *:2375 *:* users:(("dockerd",pid=1,fd=8))\n';
    const daemon = ['daemon.json', '{"icc": false}'] as const;
    expect(sentences('engine-api-open', ['ss.txt', listed], daemon)).toEqual([
      'the engine listens on every address, port 2375, without asking for a certificate',
    ]);
  });
});

it('names a recommendation of CIS by both numbers where 1.8 has another', () => {
  const parts = new SceneParts();
  readInput('/daemon.json', '{"icc": true, "live-restore": false}', parts);
  const { claims } = runChecks(parts.scene(0));
  const published = (id: string) => claims.find(({ detector }) => detector === `checks/${id}`)?.reasons.at(-1)?.value;
  expect(published('engine-inter-container')).toBe('CIS Docker 1.6-1.8: 2.2');
  expect(published('engine-live-restore')).toBe('CIS Docker 1.6: 2.15; CIS Docker 1.8: 2.16');
});
