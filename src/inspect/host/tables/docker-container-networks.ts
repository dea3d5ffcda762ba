import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_container_networks',
  title: 'Networks of containers',
  description: 'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`).',
  columns: {
    id: 'text',
    name: 'text',
    network_id: 'text',
    endpoint_id: 'text',
    gateway: 'text',
    ip_address: 'text',
    ip_prefix_len: 'integer',
    ipv6_gateway: 'text',
    ipv6_address: 'text',
    ipv6_prefix_len: 'integer',
    mac_address: 'text',
  },
  needs: 'live',
  async *rows({ engines }) {
    for (const container of await engines.containers()) {
      const id = container.at('Id').text;
      for (const [name, network] of container.at('NetworkSettings', 'Networks').entries) {
        yield {
          id,
          name,
          network_id: network.at('NetworkID').text,
          endpoint_id: network.at('EndpointID').text,
          gateway: network.at('Gateway').text,
          ip_address: network.at('IPAddress').text,
          ip_prefix_len: network.at('IPPrefixLen').number,
          ipv6_gateway: network.at('IPv6Gateway').text,
          ipv6_address: network.at('GlobalIPv6Address').text,
          ipv6_prefix_len: network.at('GlobalIPv6PrefixLen').number,
          mac_address: network.at('MacAddress').text,
        };
      }
    }
  },
});
