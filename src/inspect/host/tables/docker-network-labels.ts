import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_network_labels',
  title: 'Labels of networks',
  description: 'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`).',
  columns: { id: 'text', key: 'text', value: 'text' },
  needs: 'live',
  async *rows({ engines }) {
    for (const network of await engines.list('/networks')) {
      const id = network.at('Id').text;
      for (const [key, value] of network.at('Labels').entries) yield { id, key, value: value.text };
    }
  },
});
