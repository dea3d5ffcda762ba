import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_containers',
  title: 'Containers of the engines',
  description:
    'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`), stopped ones too. Namespaces are those of the first process, as the kernel names them.',
  columns: {
    id: 'text',
    name: 'text',
    image: 'text',
    image_id: 'text',
    command: 'text',
    created: 'bigint',
    state: 'text',
    status: 'text',
    pid: 'bigint',
    path: 'text',
    config_entrypoint: 'text',
    started_at: 'text',
    finished_at: 'text',
    privileged: 'integer',
    security_options: 'text',
    env_variables: 'text',
    readonly_rootfs: 'integer',
    cgroup_namespace: 'text',
    ipc_namespace: 'text',
    mnt_namespace: 'text',
    net_namespace: 'text',
    pid_namespace: 'text',
    user_namespace: 'text',
    uts_namespace: 'text',
  },
  needs: 'live',
  async *rows({ engines, proc }) {
    const listed = await engines.list('/containers/json?all=1');
    const statuses = new Map(listed.map((entry) => [entry.at('Id').text, entry.at('Status').text]));
    for (const container of await engines.containers()) {
      const config = container.at('Config');
      const state = container.at('State');
      const host = container.at('HostConfig');
      const pid = state.at('Pid').number ?? 0;
      const namespace = (kind: string): string | null =>
        pid === 0 ? null : (/\[(\d+)\]/.exec(proc.link(`${pid}/ns/${kind}`) ?? '')?.[1] ?? null);
      yield {
        id: container.at('Id').text,
        name: container.at('Name').text,
        image: config.at('Image').text,
        image_id: container.at('Image').text,
        command: [container.at('Path').text ?? '', container.at('Args').joined(' ')].join(' ').trim(),
        created: container.at('Created').seconds,
        state: state.at('Status').text,
        status: statuses.get(container.at('Id').text) ?? null,
        pid,
        path: container.at('Path').text,
        config_entrypoint: config.at('Entrypoint').text ?? config.at('Entrypoint').joined(', '),
        started_at: state.at('StartedAt').text,
        finished_at: state.at('FinishedAt').text,
        privileged: host.at('Privileged').flag,
        security_options: host.at('SecurityOpt').joined(', '),
        env_variables: config.at('Env').joined(', '),
        readonly_rootfs: host.at('ReadonlyRootfs').flag,
        cgroup_namespace: namespace('cgroup'),
        ipc_namespace: namespace('ipc'),
        mnt_namespace: namespace('mnt'),
        net_namespace: namespace('net'),
        pid_namespace: namespace('pid'),
        user_namespace: namespace('user'),
        uts_namespace: namespace('uts'),
      };
    }
  },
});
