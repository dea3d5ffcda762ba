import { describe, expect, it } from 'vitest';
import { parseReference } from '../../reference.ts';
import { parseContainerdConfig, parseHostsToml } from './containerd-hosts.ts';
import { placesOf, type RegistryRule } from './places.ts';

function askedFor(name: string, ...rules: readonly RegistryRule[]): object[] {
  return placesOf(parseReference(name), rules).map(({ reference, isInsecure, isMirror, manner }) => ({
    at: `${isMirror ? 'mirror ' : ''}${isInsecure ? 'insecure ' : ''}${reference.registry} ${reference.repository}`,
    ...manner,
  }));
}

const digest = `sha256:${'a'.repeat(64)}`;
const hub = `
server = "https://registry-1.docker.io"
[host."https://mirror.example:5000"]
  capabilities = ["pull", "resolve"]
  [host."https://mirror.example:5000".header]
    x-team = ["blue", "green"]
    "bad name" = "x"
[host."http://blobs.example"]
  capabilities = ["pull"]
[host."https://push.example"]
  capabilities = ["push"]
[host."https://harbor.example/v2/hub"]
  override_path = true
  skip_verify = true
[host."https://below.example/cache/"]
[host."no address"]
`;

describe("containerd's hosts.toml", () => {
  it('names mirrors in their order, and how each is asked', () => {
    const rule = parseHostsToml(hub, 'docker.io');
    const namespace = 'docker.io';
    const resolving = [
      { at: 'mirror mirror.example:5000 library/alpine', namespace, headers: { 'x-team': 'blue, green' } },
      { at: 'mirror insecure harbor.example hub/library/alpine', namespace },
      { at: 'mirror below.example library/alpine', namespace, basePath: '/cache' },
      { at: 'docker.io library/alpine' },
    ];
    expect(askedFor('alpine:3', rule)).toEqual(resolving);
    expect(askedFor(`alpine@${digest}`, rule)).toEqual([
      resolving[0],
      { at: 'mirror insecure blobs.example library/alpine', namespace },
      ...resolving.slice(1),
    ]);
    expect(askedFor('registry.example/alpine', rule)).toEqual([{ at: 'registry.example alpine' }]);
  });

  it.each(['registry.example:5000', 'registry.example_5000_', 'registry.example_5000'])('of a port: %s', (folder) => {
    const rule = parseHostsToml('server = "http://registry.example:5000"', folder);
    expect(askedFor('registry.example:5000/app', rule)).toEqual([{ at: 'insecure registry.example:5000 app' }]);
  });

  it('of all registries counts for those that have none of their own', () => {
    const all = parseHostsToml('[host."https://mirror.example"]', '_default');
    const own = parseHostsToml('server = "https://moved.example"', 'old.example');
    expect(askedFor('quay.example/team/app', all, own)).toEqual([
      { at: 'mirror mirror.example team/app', namespace: 'quay.example' },
      { at: 'quay.example team/app' },
    ]);
    expect(askedFor('old.example/team/app', all, own)).toEqual([
      { at: 'moved.example team/app', namespace: 'old.example' },
    ]);
  });
});

it("containerd's own file names folders, and mirrors as older versions have them", () => {
  const { folders, rules } = parseContainerdConfig(`
version = 2
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example", "https://registry-1.docker.io"]
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."*"]
  endpoint = ["http://all.example"]
`);
  expect(folders).toEqual(['/etc/containerd/certs.d', '/etc/docker/certs.d']);
  expect(askedFor('alpine', ...rules)).toMatchObject([
    { at: 'mirror mirror.example library/alpine' },
    { at: 'mirror registry-1.docker.io library/alpine' },
    { at: 'docker.io library/alpine' },
  ]);
  expect(askedFor('quay.example/app', ...rules)).toMatchObject([
    { at: 'mirror insecure all.example app' },
    { at: 'quay.example app' },
  ]);
  const third = `[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = "/srv/hosts"`;
  expect(parseContainerdConfig(third)).toEqual({ folders: ['/srv/hosts'], rules: [] });
});
