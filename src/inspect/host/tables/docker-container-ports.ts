import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_container_ports',
  title: 'Ports that containers publish',
  description: 'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`).',
  columns: { id: 'text', type: 'text', port: 'integer', host_ip: 'text', host_port: 'integer' },
  needs: 'live',
  async *rows({ engines }) {
    for (const container of await engines.containers()) {
      const id = container.at('Id').text;
      for (const [name, bindings] of container.at('NetworkSettings', 'Ports').entries) {
        const [port = '', type = ''] = name.split('/');
        for (const binding of bindings.items) {
          const [host_ip, host_port] = [binding.at('HostIp').text, binding.at('HostPort').number];
          yield { id, type, port: Number(port), host_ip, host_port };
        }
      }
    }
  },
});
