import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_container_mounts',
  title: 'Mounts of containers',
  description: 'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`).',
  columns: {
    id: 'text',
    type: 'text',
    name: 'text',
    source: 'text',
    destination: 'text',
    driver: 'text',
    mode: 'text',
    rw: 'integer',
    propagation: 'text',
  },
  needs: 'live',
  async *rows({ engines }) {
    for (const container of await engines.containers()) {
      const id = container.at('Id').text;
      for (const mount of container.at('Mounts').items) {
        yield {
          id,
          type: mount.at('Type').text,
          name: mount.at('Name').text,
          source: mount.at('Source').text,
          destination: mount.at('Destination').text,
          driver: mount.at('Driver').text,
          mode: mount.at('Mode').text,
          rw: mount.at('RW').flag,
          propagation: mount.at('Propagation').text,
        };
      }
    }
  },
});
