import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_image_history',
  title: 'How images were made',
  description:
    'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`), the newest step first.',
  columns: { id: 'text', created: 'bigint', size: 'bigint', created_by: 'text', tags: 'text', comment: 'text' },
  needs: 'live',
  async *rows({ engines }) {
    for (const image of await engines.images()) {
      const id = image.at('Id').text;
      for (const step of id === null ? [] : await engines.list(`/images/${encodeURIComponent(id)}/history`)) {
        yield {
          id,
          created: step.at('Created').number,
          size: step.at('Size').number,
          created_by: step.at('CreatedBy').text,
          tags: step.at('Tags').joined(','),
          comment: step.at('Comment').text,
        };
      }
    }
  },
});
