import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_image_labels',
  title: 'Labels of images',
  description: 'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`).',
  columns: { id: 'text', key: 'text', value: 'text' },
  needs: 'live',
  async *rows({ engines }) {
    for (const image of await engines.images()) {
      const id = image.at('Id').text;
      for (const [key, value] of image.at('Config', 'Labels').entries) yield { id, key, value: value.text };
    }
  },
});
