import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'docker_version',
  title: 'Versions of the engines',
  description:
    'As Docker and podman answer on their sockets (`/var/run/docker.sock`, `/run/podman/podman.sock`), one row each.',
  columns: {
    version: 'text',
    api_version: 'text',
    min_api_version: 'text',
    git_commit: 'text',
    go_version: 'text',
    os: 'text',
    arch: 'text',
    kernel_version: 'text',
    build_time: 'text',
  },
  needs: 'live',
  async *rows({ engines }) {
    for (const version of await engines.ask('/version')) {
      yield {
        version: version.at('Version').text,
        api_version: version.at('ApiVersion').text,
        min_api_version: version.at('MinAPIVersion').text,
        git_commit: version.at('GitCommit').text,
        go_version: version.at('GoVersion').text,
        os: version.at('Os').text,
        arch: version.at('Arch').text,
        kernel_version: version.at('KernelVersion').text,
        build_time: version.at('BuildTime').text,
      };
    }
  },
});
