import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_networks',
  title: 'Networks of the engines',
  description:
    'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`). Of several subnets the first is shown.',
  columns: {
    id: 'text',
    name: 'text',
    driver: 'text',
    created: 'bigint',
    enable_ipv6: 'integer',
    subnet: 'text',
    gateway: 'text',
  },
  needs: 'live',
  async *rows({ engines }) {
    for (const network of await engines.list('/networks')) {
      const [first] = network.at('IPAM', 'Config').items;
      yield {
        id: network.at('Id').text,
        name: network.at('Name').text,
        driver: network.at('Driver').text,
        created: network.at('Created').seconds,
        enable_ipv6: network.at('EnableIPv6').flag,
        subnet: first?.at('Subnet').text ?? null,
        gateway: first?.at('Gateway').text ?? null,
      };
    }
  },
});
