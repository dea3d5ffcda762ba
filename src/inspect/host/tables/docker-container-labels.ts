import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_container_labels',
  title: 'Labels of containers',
  description: 'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`).',
  columns: { id: 'text', key: 'text', value: 'text' },
  needs: 'live',
  async *rows({ engines }) {
    for (const container of await engines.containers()) {
      const id = container.at('Id').text;
      for (const [key, value] of container.at('Config', 'Labels').entries) yield { id, key, value: value.text };
    }
  },
});
