import { accessSync, constants } from 'node:fs';
import { defineSensor, type RecordContext } from '../../sensor.ts';

/** Where engines listen that speak Docker's interface. */
const sockets = ['/run/docker.sock', '/run/podman/podman.sock'];

export const sensor = defineSensor({
  id: 'containers',
  title: 'Container engines',
  description:
    'Containers as Docker and podman tell of them on their sockets: created, started, entered, renamed, stopped; who is privileged and what is mounted; and the name and image behind the id of a container, which are put into the events of other sensors before they are judged. Only reads. An engine that is away is told, and asked again. containerd and CRI-O alone speak another language (gRPC): their containers are told apart by their ids only.',
  references: ['https://docs.docker.com/reference/api/engine/', 'https://docs.podman.io/en/latest/_static/api.html'],
  guide: ['C14', 'C15', 'B04'],
  needs:
    'the socket of the engine, readable: root, or a member of its group. For podman: systemctl start podman.socket.',
  source: 'vakthund-export',
  whyNot: async (inputs = sockets) => {
    return (await doesAnyAnswer(inputs))
      ? undefined
      : `no engine listens on ${inputs.join(' or ')}, or its socket is not for this user`;
  },
  record: recordEngines,
});

/** Follows every engine whose socket is there: one that does not answer now is asked again. */
async function recordEngines(context: RecordContext): Promise<void> {
  const { ExportSpool } = await import('../_shared/export-spool.ts');
  const { followEngine } = await import('./record.ts');
  const spool = new ExportSpool(context.folder, 'containers', 'log');
  try {
    const paths = (context.inputs ?? sockets).filter((path) => isOpenToUs(path));
    await Promise.all(paths.map((path) => followEngine(path, context, spool)));
  } finally {
    spool.close();
  }
}

/** Whether somebody answers at one of these. */
async function doesAnyAnswer(paths: readonly string[]): Promise<boolean> {
  const { EngineClient } = await import('../../../base/engine-client.ts');
  for (const path of paths.filter(isOpenToUs)) {
    try {
      await new EngineClient(path).get('/version', new AbortController().signal);
      return true;
    } catch {
      // Nobody there; another may be.
    }
  }
  return false;
}

function isOpenToUs(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
