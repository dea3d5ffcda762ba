import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_image_layers',
  title: 'Layers of images',
  description:
    'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`), the lowest first.',
  columns: { id: 'text', layer_id: 'text', layer_order: 'integer' },
  needs: 'live',
  async *rows({ engines }) {
    for (const image of await engines.images()) {
      const id = image.at('Id').text;
      for (const [at, { text }] of image.at('RootFS', 'Layers').items.entries()) {
        yield { id, layer_id: text, layer_order: at + 1 };
      }
    }
  },
});
