import { describe, expect, it } from 'vitest';
import { decodeContent } from '../../../../tests/support/decode-content.ts';
import { startedContainer } from './containers.ts';
import { source } from './index.ts';

const id = '16641638b73d4f382ee7406782eaa3b711ef567e44f7f95dbaea9b7c9b8408e1';
const userdata = `/var/lib/containers/storage/overlay-containers/${id}/userdata`;

/** What a kernel logged of a container that podman started, its arguments shortened. */
type Start = readonly [pid: number, parent: number, executable: string, commandLine: string];
const podman: readonly Start[] = [
  [22_172, 18_466, '/usr/bin/podman', 'podman run --rm test:1 sh -c ls'],
  [
    22_181,
    22_172,
    '/usr/bin/conmon',
    `/usr/bin/conmon --api-version 1 -c ${id} -u ${id} -r /usr/bin/runc -b ${userdata}`,
  ],
  // Its parent is a copy of conmon, which the log does not name.
  [
    22_188,
    22_187,
    '/usr/sbin/runc',
    `/usr/bin/runc --log x create --bundle ${userdata} --pid-file ${userdata}/p ${id}`,
  ],
  [22_190, 22_188, '/usr/libexec/hook', '/usr/libexec/hook prestart'],
  [22_194, 22_188, '/usr/sbin/runc', '/usr/bin/runc init'],
  [22_194, 22_188, '/', '/usr/bin/runc init'],
  [22_203, 22_172, '/usr/sbin/runc', `/usr/bin/runc start ${id}`],
  [22_197, 22_187, '/bin/busybox', 'sh -c ls'],
  [22_209, 22_197, '/bin/busybox', 'ls /'],
  [22_210, 22_187, '/usr/bin/podman', `/usr/bin/podman container cleanup --rm ${id}`],
  [22_218, 22_210, '/usr/sbin/runc', `/usr/bin/runc delete --force ${id}`],
  [22_300, 18_466, '/bin/bash', 'bash'],
];

function log(starts: readonly Start[]): string {
  const lines = starts.map(([pid, parent, executable, commandLine], serial) => {
    const at = `msg=audit(${1000 + serial}.000:${serial + 1}):`;
    const args = commandLine.split(' ').map((word, index) => `a${index}="${word}"`);
    return (
      `type=SYSCALL ${at} arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=${parent} pid=${pid} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="x" exe="${executable}" key="exec"\n` +
      `type=EXECVE ${at} argc=${args.length} ${args.join(' ')}\n`
    );
  });
  return lines.join('');
}

async function containers(starts: readonly Start[]): Promise<unknown[]> {
  const { events, problems } = await decodeContent(source, log(starts));
  expect(problems).toEqual([]);
  return events.flatMap((event) => (event.kind === 'process' ? [event.container_id] : []));
}

describe('the container of a process in an audit log', () => {
  it('is told by who started it: the runtime stands outside, what it starts inside', async () => {
    const none = null;
    expect(await containers(podman)).toEqual([none, none, none, none, none, none, none, id, id, none, none, none]);
  });

  it('is that of the shim of containerd, but not where a pod shares one', async () => {
    const shim = (namespace: string): Start[] => [
      [
        50,
        1,
        '/usr/bin/containerd-shim-runc-v2',
        `/usr/bin/containerd-shim-runc-v2 -namespace ${namespace} -id ${id} -address /run/x`,
      ],
      [51, 50, '/usr/bin/runc', `runc --root /run create --bundle /run/x --pid-file /run/y ${id}`],
      [52, 50, '/usr/sbin/nginx', 'nginx -g daemon'],
      [53, 52, '/usr/bin/docker', 'docker ps'],
    ];
    expect(await containers(shim('moby'))).toEqual([null, null, id, id]);
    expect(await containers(shim('k8s.io'))).toEqual([null, null, null, null]);
  });

  it('is told of what is run in one that is there', async () => {
    const entered: Start[] = [
      [
        60,
        59,
        '/usr/bin/runc',
        `/usr/bin/runc exec --pid-file ${userdata}/exec_pid --process ${userdata}/p --detach ${id}`,
      ],
      [61, 60, '/usr/bin/runc', '/usr/bin/runc init'],
      [63, 60, '/bin/cat', 'cat /etc/shadow'],
      [64, 59, '/bin/id', 'id'],
    ];
    expect(await containers(entered)).toEqual([null, null, id, id]);
  });

  it('is not what a program says of itself', () => {
    expect(startedContainer(`bash -c conmon ${id}`)).toBeUndefined();
    expect(startedContainer(`runc kill ${id}`)).toBeUndefined();
    expect(startedContainer(`runc exec ${id.toUpperCase()}`)).toBeUndefined();
    expect(startedContainer(`runc exec short sh ${'a'.repeat(64)}b`)).toBeUndefined();
  });
});
