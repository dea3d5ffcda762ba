import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_images',
  title: 'Images of the engines',
  description: 'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`).',
  columns: { id: 'text', created: 'bigint', size_bytes: 'bigint', tags: 'text' },
  needs: 'live',
  async *rows({ engines }) {
    for (const image of await engines.images()) {
      const id = image.at('Id').text;
      const tags = image.at('RepoTags').joined(',');
      yield { id, created: image.at('Created').seconds, size_bytes: image.at('Size').number, tags };
    }
  },
});
