/** What the place of a log tells of its container. */
export interface Container {
  readonly id: string | null;
  readonly name: string | null;
  /** Fields without a column: `namespace`, `pod`, `pod_uid`, `restart_count`. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Docker (`<id>-json.log`), and podman (`<id>/userdata/ctr.log`); rotated and compressed ones too. */
const byId = /(?:^|\/)(?<id>[\da-f]{64}|[\da-f]{12})(?:-json|\/userdata\/ctr)\.log(?:\.[\w.-]{1,64})?$/;
/** `/var/log/pods/NAMESPACE_POD_UID/CONTAINER/RESTARTS.log`; names of Kubernetes objects have no `_`. */
const byPod =
  /(?:^|\/)(?<namespace>[a-z\d-]{1,63})_(?<pod>[a-z\d.-]{1,253})_(?<pod_uid>[\da-f-]{32,36})\/(?<name>[a-z\d-]{1,63})\/(?<restart_count>\d{1,9})\.log(?:\.[\w.-]{1,64})?$/;
/** `/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log` */
const byLink =
  /(?:^|\/)(?<pod>[a-z\d.-]{1,253})_(?<namespace>[a-z\d-]{1,63})_(?<name>[a-z\d-]{1,63})-(?<id>[\da-f]{64})\.log(?:\.[\w.-]{1,64})?$/;

export function containerOf(path: string): Container {
  const place = path.replaceAll('\\', '/');
  const groups = (byId.exec(place) ?? byPod.exec(place) ?? byLink.exec(place))?.groups;
  const { id, name, ...rest } = { ...groups };
  const fields = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { id: id ?? null, name: name ?? null, fields };
}
