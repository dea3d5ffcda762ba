import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_container_envs',
  title: 'Environment of containers',
  description:
    'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`): as the container was made, and not as its processes changed it.',
  columns: { id: 'text', key: 'text', value: 'text' },
  needs: 'live',
  async *rows({ engines }) {
    for (const container of await engines.containers()) {
      const id = container.at('Id').text;
      for (const { text } of container.at('Config', 'Env').items) {
        const at = text?.indexOf('=') ?? -1;
        if (text !== null && at > 0) yield { id, key: text.slice(0, at), value: text.slice(at + 1) };
      }
    }
  },
});
