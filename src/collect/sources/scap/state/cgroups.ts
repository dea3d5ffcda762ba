/** Container engines by what their control groups look like. The id is the 64 digits at the end; its first 12 name it. */
const pattern = /(?:^|[/:])(?<engine>[a-z-]*?)-?(?<id>[0-9a-f]{64})(?:\.scope)?(?:\/(?:container|init|supervisor))?$/;
const lxcPattern = /\/lxc(?:\.payload)?[/.](?<name>[^/]{1,128})/;

/**
 * Short id of the container that these control groups belong to; empty on the host.
 * `cgroups` is `subsystem=path`, each ended by NUL.
 */
export function containerOf(cgroups: string): string {
  for (const entry of cgroups.split('\0')) {
    const path = entry.slice(entry.indexOf('=') + 1);
    if (path.length < 4) continue;
    const match = pattern.exec(path) ?? undefined;
    const id = match?.groups?.['id'];
    if (id !== undefined) return id.slice(0, 12);
    const name = lxcPattern.exec(path)?.groups?.['name'];
    if (name !== undefined) return name;
  }
  return '';
}
