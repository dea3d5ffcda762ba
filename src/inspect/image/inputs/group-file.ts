import type { Located } from './place.ts';

/** Groups whose members may use an engine's socket, which is as good as being root. */
const engineGroups = new Set(['docker', 'podman', 'containerd', 'lxd', 'incus-admin']);

/** `/etc/group`, or what `getent group docker` prints. */
export function isGroupFile(name: string, text: string): boolean {
  const lines = text.trimEnd().split('\n', 50);
  return (
    (/^(?:etc-)?group(?:\.txt)?$|getent-group/.test(name) || lines.length < 5) &&
    lines.every((line) => /^[^:\s]+:[^:]*:\d+:[^:]*$/.test(line))
  );
}

export function groupMembers(text: string, path: string): Located<string>[] {
  return text.split('\n').flatMap((line, index) => {
    const [group = '', , , members = ''] = line.trim().split(':');
    if (!engineGroups.has(group)) return [];
    const named = members.split(',').filter((member) => member !== '' && member !== 'root');
    return named.map((value) => ({ value, at: { path, line: index + 1, pointer: group } }));
  });
}
