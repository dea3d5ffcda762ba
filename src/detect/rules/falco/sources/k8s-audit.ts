import type { StreamValue } from '../../../../match/condition/resolver.ts';
import {
  at,
  elements,
  isObject,
  pathField,
  textField,
  textOf,
  type JsonField,
  type JsonObject,
  type JsonValue,
} from './json-record.ts';

/** Kubernetes audit events, with the fields of Falco's k8saudit plug-in (falcosecurity/plugins `plugins/k8saudit`). */

const spec = ['requestObject', 'spec'] as const;
const containerGroups = ['containers', 'initContainers', 'ephemeralContainers'] as const;

type ListGetter = (value: JsonObject, argument: string) => readonly JsonValue[] | undefined;

/** A list of texts; the argument, when it is a number, picks the element that they come from. */
function listField(name: string, get: ListGetter): JsonField {
  return {
    name,
    type: 'text',
    isList: true,
    argument: 'allowed',
    getter: (argument) => (record) => get(record.value, argument)?.map((entry) => textOf(entry) ?? null),
  };
}

/** Elements of a list at a path: all, or the one that is asked for; undefined when there is none. */
function pick(value: JsonObject, argument: string, ...path: readonly string[]): readonly JsonValue[] | undefined {
  const list = elements(at(value, ...path));
  if (list === undefined || !/^\d{1,9}$/.test(argument)) return list;
  const element = list[Number(argument)];
  return element === undefined ? undefined : [element];
}

/** One value of each element; undefined when one has none. */
function everyOf(list: readonly JsonValue[] | undefined, ...path: readonly string[]): readonly JsonValue[] | undefined {
  const values = list?.map((element) => at(element, ...path));
  return values?.every((value) => value !== undefined) === true ? values : undefined;
}

/** One value of each element that has it. */
function someOf(list: readonly JsonValue[] | undefined, ...path: readonly string[]): readonly JsonValue[] | undefined {
  return list?.flatMap((element) => at(element, ...path) ?? []);
}

function repositoryOf(image: JsonValue): string {
  return (textOf(image) ?? '').split(':')[0]?.split('@')[0] ?? '';
}

/** What a container says in its security context, or else the pod, or else 0. */
function effective(value: JsonObject, argument: string, group: string, key: string): readonly JsonValue[] | undefined {
  const ofPod = at(value, ...spec, 'securityContext', key) ?? 0;
  return pick(value, argument, ...spec, group)?.map((container) => at(container, 'securityContext', key) ?? ofPod);
}

function hostPorts(value: JsonObject, argument: string, group: string): readonly JsonValue[] | undefined {
  const ports = pick(value, argument, ...spec, group)?.map((container) => elements(at(container, 'ports')));
  if (ports === undefined || ports.includes(undefined)) return undefined;
  // A pod on the host's network opens the container's own port there.
  return ports.flatMap(
    (list) => list?.flatMap((port) => at(port, 'hostPort') ?? at(port, 'containerPort') ?? []) ?? [],
  );
}

function containerFields(group: (typeof containerGroups)[number]): JsonField[] {
  const prefix = `ka.req.pod.${group}`;
  const context = (name: string, ...path: readonly string[]): JsonField =>
    listField(`${prefix}.${name}`, (value, argument) =>
      everyOf(pick(value, argument, ...spec, group), 'securityContext', ...path),
    );
  return [
    listField(`${prefix}.image`, (value, argument) => everyOf(pick(value, argument, ...spec, group), 'image')),
    listField(`${prefix}.image.repository`, (value, argument) =>
      everyOf(pick(value, argument, ...spec, group), 'image')?.map(repositoryOf),
    ),
    listField(`${prefix}.host_port`, (value, argument) => hostPorts(value, argument, group)),
    listField(`${prefix}.privileged`, (value, argument) =>
      someOf(pick(value, argument, ...spec, group), 'securityContext', 'privileged'),
    ),
    context('allow_privilege_escalation', 'allowPrivilegeEscalation'),
    context('read_only_fs', 'readOnlyRootFilesystem'),
    context('run_as_user', 'runAsUser'),
    context('run_as_group', 'runAsGroup'),
    context('proc_mount', 'procMount'),
    listField(`${prefix}.eff_run_as_user`, (value, argument) => effective(value, argument, group, 'runAsUser')),
    listField(`${prefix}.eff_run_as_group`, (value, argument) => effective(value, argument, group, 'runAsGroup')),
    listField(`${prefix}.add_capabilities`, (value, argument) =>
      everyOf(pick(value, argument, ...spec, group), 'securityContext', 'capabilities', 'add')?.flatMap(
        (added) => elements(added) ?? [added],
      ),
    ),
  ];
}

function ruleField(name: string): JsonField {
  return listField(`ka.req.role.rules.${name}`, (value, argument) =>
    pick(value, argument, 'requestObject', 'rules')?.flatMap((rule) => elements(at(rule, name)) ?? []),
  );
}

/** First value of a parameter in the query of the request's URI. */
function uriParameter(value: JsonObject, name: string): StreamValue {
  const uri = textOf(at(value, 'requestURI')) ?? '';
  const question = uri.indexOf('?');
  return question < 0 ? undefined : new URLSearchParams(uri.slice(question + 1)).get(name);
}

/** Whether a volume of the pod is this host path, or begins with it when it ends with `*`. */
function hasHostPath(value: JsonObject, path: string): StreamValue {
  const paths = someOf(pick(value, '', ...spec, 'volumes'), 'hostPath', 'path');
  if (paths === undefined) return undefined;
  const prefix = path.endsWith('*') ? path.slice(0, -1) : undefined;
  return String(
    paths.some((entry) => entry === path || (prefix !== undefined && textOf(entry)?.startsWith(prefix) === true)),
  );
}

function keyField(name: string, get: (value: JsonObject, key: string) => StreamValue): JsonField {
  return {
    name,
    type: 'text',
    isList: false,
    argument: 'required',
    getter: (key) => (record) => get(record.value, key),
  };
}

const firstContainer = (value: JsonObject): JsonValue | undefined => elements(at(value, ...spec, 'containers'))?.[0];

export const k8sAuditFields: readonly JsonField[] = [
  pathField('ka.auditid', 'auditID'),
  pathField('ka.stage', 'stage'),
  pathField('ka.auth.decision', 'annotations', 'authorization.k8s.io/decision'),
  pathField('ka.auth.reason', 'annotations', 'authorization.k8s.io/reason'),
  pathField('ka.auth.openshift.decision', 'annotations', 'authentication.openshift.io/decision'),
  pathField('ka.auth.openshift.username', 'annotations', 'authentication.openshift.io/username'),
  textField('ka.validations.admission.policy.failure', (value) =>
    textOf(at(value, 'annotations', 'validation.policy.admission.k8s.io/validation_failure')),
  ),
  pathField('ka.user.name', 'user', 'username'),
  listField('ka.user.groups', (value) => elements(at(value, 'user', 'groups'))),
  pathField('ka.impuser.name', 'impersonatedUser', 'username'),
  pathField('ka.verb', 'verb'),
  pathField('ka.uri', 'requestURI'),
  keyField('ka.uri.param', uriParameter),
  pathField('ka.target.name', 'objectRef', 'name'),
  pathField('ka.target.namespace', 'objectRef', 'namespace'),
  pathField('ka.target.resource', 'objectRef', 'resource'),
  pathField('ka.target.subresource', 'objectRef', 'subresource'),
  pathField('ka.target.pod.name', 'objectRef', 'name'),
  listField('ka.req.binding.subjects', (value) => elements(at(value, 'requestObject', 'subjects'))),
  pathField('ka.req.binding.role', 'requestObject', 'roleRef', 'name'),
  keyField('ka.req.binding.subject.has_name', () => 'true'),
  pathField('ka.req.configmap.name', 'objectRef', 'name'),
  pathField('ka.req.configmap.obj', 'requestObject', 'data'),
  ...containerGroups.flatMap(containerFields),
  textField('ka.req.container.image', (value) => textOf(at(firstContainer(value), 'image'))),
  textField('ka.req.container.image.repository', (value) => {
    const image = at(firstContainer(value), 'image');
    return image === undefined ? undefined : repositoryOf(image);
  }),
  textField('ka.req.container.privileged', (value) => {
    const containers = elements(at(value, ...spec, 'containers'));
    return containers === undefined
      ? undefined
      : String(containers.some((container) => at(container, 'securityContext', 'privileged') === true));
  }),
  pathField('ka.req.pod.host_ipc', ...spec, 'hostIPC'),
  pathField('ka.req.pod.host_network', ...spec, 'hostNetwork'),
  pathField('ka.req.container.host_network', ...spec, 'hostNetwork'),
  pathField('ka.req.pod.host_pid', ...spec, 'hostPID'),
  pathField('ka.req.pod.run_as_user', ...spec, 'securityContext', 'runAsUser'),
  pathField('ka.req.pod.run_as_group', ...spec, 'securityContext', 'runAsGroup'),
  pathField('ka.req.pod.fs_group', ...spec, 'securityContext', 'fsGroup'),
  listField('ka.req.pod.supplemental_groups', (value) =>
    elements(at(value, ...spec, 'securityContext', 'supplementalGroups')),
  ),
  listField('ka.req.role.rules', (value) => elements(at(value, 'requestObject', 'rules'))),
  ruleField('apiGroups'),
  ruleField('nonResourceURLs'),
  ruleField('verbs'),
  ruleField('resources'),
  pathField('ka.req.service.type', ...spec, 'type'),
  listField('ka.req.service.ports', (value, argument) => pick(value, argument, ...spec, 'ports')),
  listField('ka.req.pod.volumes.hostpath', (value, argument) =>
    someOf(pick(value, argument, ...spec, 'volumes'), 'hostPath', 'path'),
  ),
  keyField('ka.req.volume.hostpath', hasHostPath),
  listField('ka.req.pod.volumes.flexvolume_driver', (value, argument) =>
    someOf(pick(value, argument, ...spec, 'volumes'), 'flexVolume', 'driver'),
  ),
  listField('ka.req.pod.volumes.volume_type', (value, argument) =>
    pick(value, argument, ...spec, 'volumes')?.flatMap((volume) =>
      isObject(volume) ? Object.keys(volume).filter((key) => key !== 'name') : [],
    ),
  ),
  pathField('ka.resp.name', 'responseObject', 'metadata', 'name'),
  pathField('ka.response.code', 'responseStatus', 'code'),
  pathField('ka.response.reason', 'responseStatus', 'reason'),
  listField('ka.sourceips', (value) => elements(at(value, 'sourceIPs'))),
  pathField('ka.useragent', 'userAgent'),
];
