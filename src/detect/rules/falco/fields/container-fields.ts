/**
 * Fields that the container plug-in of Falco adds to system call events: name, type and what else is so, one per line.
 * Facts taken from falcosecurity/plugins `plugins/container` (Apache-2.0).
 */
export const containerFields = `
container.id CHARBUF
container.full_id CHARBUF
container.name CHARBUF
container.image CHARBUF
container.image.id CHARBUF
container.image.repository CHARBUF
container.image.tag CHARBUF
container.image.digest CHARBUF
container.type CHARBUF
container.privileged BOOL
container.mounts CHARBUF
container.mount CHARBUF arg
container.mount.source CHARBUF arg
container.mount.dest CHARBUF arg
container.mount.mode CHARBUF arg
container.mount.rdwr CHARBUF arg
container.mount.propagation CHARBUF arg
container.healthcheck CHARBUF
container.liveness_probe CHARBUF
container.readiness_probe CHARBUF
container.start_ts ABSTIME
container.duration RELTIME
container.ip CHARBUF
container.cni.json CHARBUF
container.host_pid BOOL
container.host_network BOOL
container.host_ipc BOOL
container.label CHARBUF arg
container.labels CHARBUF
proc.is_container_healthcheck BOOL
proc.is_container_liveness_probe BOOL
proc.is_container_readiness_probe BOOL
k8s.pod.name CHARBUF
k8s.pod.id CHARBUF
k8s.pod.uid CHARBUF
k8s.pod.sandbox_id CHARBUF
k8s.pod.full_sandbox_id CHARBUF
k8s.pod.label CHARBUF arg
k8s.pod.labels CHARBUF
k8s.pod.ip CHARBUF
k8s.pod.cni.json CHARBUF
k8s.ns.name CHARBUF
k8s.ns.id CHARBUF
k8s.ns.label CHARBUF arg
k8s.ns.labels CHARBUF
k8s.rc.name CHARBUF
k8s.rc.id CHARBUF
k8s.rc.label CHARBUF arg
k8s.rc.labels CHARBUF
k8s.rs.name CHARBUF
k8s.rs.id CHARBUF
k8s.rs.label CHARBUF arg
k8s.rs.labels CHARBUF
k8s.svc.name CHARBUF
k8s.svc.id CHARBUF
k8s.svc.label CHARBUF arg
k8s.svc.labels CHARBUF
k8s.deployment.name CHARBUF
k8s.deployment.id CHARBUF
k8s.deployment.label CHARBUF arg
k8s.deployment.labels CHARBUF
`;

/** Fields of every event, whatever its source. */
export const commonFields = `
evt.num UINT64
evt.time CHARBUF
evt.time.s CHARBUF
evt.time.iso8601 CHARBUF
evt.datetime CHARBUF
evt.datetime.s CHARBUF
evt.rawtime ABSTIME
evt.rawtime.s ABSTIME
evt.rawtime.ns ABSTIME
evt.reltime RELTIME
evt.reltime.s RELTIME
evt.reltime.ns RELTIME
evt.pluginname CHARBUF
evt.plugininfo CHARBUF
evt.source CHARBUF
evt.is_async BOOL
evt.asynctype CHARBUF
evt.hostname CHARBUF
`;
