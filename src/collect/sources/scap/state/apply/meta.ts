import type { ScapRecord } from '../../record.ts';
import { engineName, type Container } from '../containers.ts';
import type { Engine, Handler } from '../handler.ts';

/** What a container engine told. The event belongs to a thread that stands for the container. */
const containerJson: Handler = (record, engine) => {
  showContainer(record, engine, engine.system.containers.read(record.text(0) ?? ''));
};

/** Containers of newer captures come as events of the plug-in that asks the engines. */
const asynchronous: Handler = (record, engine) => {
  if (record.text(1)?.startsWith('container') !== true) return;
  const json = record.data(2).toString('utf8').replace(/\0+$/, '');
  showContainer(record, engine, engine.system.containers.read(json));
};

function showContainer(record: ScapRecord, engine: Engine, container: Container | undefined): void {
  record.isHidden ||= container === undefined || container.hasFailed;
  if (container === undefined) return;
  const thread = engine.system.threads.create(-1);
  thread.setProgram(`container:${container.id}`, []);
  thread.parent = 0;
  thread.virtualTid = -2;
  thread.virtualPid = -2;
  thread.container = container.id;
  thread.uid = 0;
  thread.gid = 0;
  thread.loginUid = 0;
  record.thread = thread;
}

const oldContainer: Handler = (record, engine) => {
  const id = record.text(0);
  if (id === undefined) return;
  engine.system.containers.add({
    id,
    fullId: undefined,
    type: engineName(record.uint(1)),
    name: record.text(2),
    image: record.text(3),
    imageId: undefined,
    imageRepository: undefined,
    imageTag: undefined,
    imageDigest: undefined,
    isPrivileged: false,
    ip: undefined,
    created: undefined,
    mounts: [],
    labels: {},
    hasFailed: false,
  });
};

const userAdded: Handler = (record, { system }) => {
  const id = record.uint(0);
  if (Number.isNaN(id)) return;
  const [name = '', home = '', shell = ''] = [record.text(2), record.text(3), record.text(4)];
  system.accounts.setUser(record.text(5) ?? '', { id, name, home, shell });
};

const userDeleted: Handler = (record, { system }) => {
  system.accounts.deleteUser(record.text(5) ?? '', record.uint(0));
};

const groupAdded: Handler = (record, { system }) => {
  const id = record.uint(0);
  if (!Number.isNaN(id)) system.accounts.setGroup(record.text(2) ?? '', id, record.text(1) ?? '');
};

const groupDeleted: Handler = (record, { system }) => {
  system.accounts.deleteGroup(record.text(2) ?? '', record.uint(0));
};

export const metaHandlers: Readonly<Record<string, Handler>> = {
  CONTAINER_E: oldContainer,
  CONTAINER_JSON_E: containerJson,
  CONTAINER_JSON_2_E: containerJson,
  ASYNCEVENT_E: asynchronous,
  USER_ADDED_E: userAdded,
  USER_DELETED_E: userDeleted,
  GROUP_ADDED_E: groupAdded,
  GROUP_DELETED_E: groupDeleted,
};
