import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_volumes',
  title: 'Volumes of the engines',
  description: 'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`).',
  columns: { name: 'text', driver: 'text', mount_point: 'text', type: 'text' },
  needs: 'live',
  async *rows({ engines }) {
    for (const answer of await engines.ask('/volumes')) {
      for (const volume of answer.at('Volumes').items) {
        yield {
          name: volume.at('Name').text,
          driver: volume.at('Driver').text,
          mount_point: volume.at('Mountpoint').text,
          type: volume.at('Options', 'type').text,
        };
      }
    }
  },
});
