import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_volume_labels',
  title: 'Labels of volumes',
  description: 'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`).',
  columns: { name: 'text', key: 'text', value: 'text' },
  needs: 'live',
  async *rows({ engines }) {
    for (const answer of await engines.ask('/volumes')) {
      for (const volume of answer.at('Volumes').items) {
        const name = volume.at('Name').text;
        for (const [key, value] of volume.at('Labels').entries) yield { name, key, value: value.text };
      }
    }
  },
});
